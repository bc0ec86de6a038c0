package kol.flink.scoring;

import java.util.ArrayList;
import java.util.List;
import kol.flink.champion.ChampionNeeds;
import kol.flink.champion.ChampionSettings;
import kol.flink.champion.SharedChampions;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Scores the rows of a stream in batches. A batch is scored when it is full, when its first row has
 * waited long enough, and before every watermark and checkpoint: nothing is held over those, so
 * that no row is lost or scored twice after a restart.
 *
 * <p>Rows keep their order and their timestamps. Updates and deletes of a table are not known here.
 */
public final class BatchScore<I, O> extends AbstractStreamOperator<O>
    implements OneInputStreamOperator<I, O> {
  private static final long serialVersionUID = 1L;

  private final ChampionSettings settings;
  private final ChampionNeeds needs;
  private final BatchLimits limits;
  private final ScoredRow<I, O> how;
  private final OutputTag<DeadLetter> deadLetters;

  private transient SharedChampions champions;
  private transient Scorer scorer;
  private transient List<StreamRecord<I>> waiting;
  private transient List<Object[]> columns;
  private transient TypeSerializer<I> copier;
  private transient boolean hasTimer;

  /** An operator for {@code DataStream.transform}; the dead letters are a side output. */
  public BatchScore(
      ChampionSettings settings,
      ChampionNeeds needs,
      BatchLimits limits,
      ScoredRow<I, O> how,
      OutputTag<DeadLetter> deadLetters) {
    this.settings = settings;
    this.needs = needs;
    this.limits = limits;
    this.how = how;
    this.deadLetters = deadLetters;
    chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void open() throws Exception {
    super.open();
    champions = SharedChampions.acquire(settings, needs);
    ChampionMetrics.register(getMetricGroup(), champions.holder());
    scorer = new Scorer(champions.holder(), needs, limits.rows());
    waiting = new ArrayList<>(limits.rows());
    columns = new ArrayList<>(limits.rows());
    if (getExecutionConfig().isObjectReuseEnabled()) {
      copier = config.getTypeSerializerIn(0, getUserCodeClassloader());
    }
  }

  @Override
  public void processElement(StreamRecord<I> record) {
    // Whoever reuses objects writes the next row into this one.
    I row = copier == null ? record.getValue() : copier.copy(record.getValue());
    waiting.add(record.copy(row));
    columns.add(how.columns(row));
    if (waiting.size() == limits.rows()) {
      flush();
    } else if (!hasTimer) {
      hasTimer = true;
      long due = getProcessingTimeService().getCurrentProcessingTime() + limits.waitMillis();
      getProcessingTimeService()
          .registerTimer(
              due,
              time -> {
                hasTimer = false;
                flush();
              });
    }
  }

  private void flush() {
    if (waiting.isEmpty()) return;
    Outcome[] outcomes = scorer.score(columns);
    for (int i = 0; i < outcomes.length; i++) {
      StreamRecord<I> record = waiting.get(i);
      if (outcomes[i] instanceof Outcome.Score score) {
        output.collect(record.replace(how.with(record.getValue(), score)));
      } else if (outcomes[i] instanceof Outcome.Rejection rejection) {
        DeadLetter letter = how.rejected(record.getValue(), rejection.reason());
        output.collect(deadLetters, record.replace(letter));
      }
    }
    waiting.clear();
    columns.clear();
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    flush();
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    flush();
  }

  @Override
  public void finish() throws Exception {
    flush();
    super.finish();
  }

  @Override
  public void close() throws Exception {
    if (champions != null) champions.release();
    champions = null;
    super.close();
  }
}
