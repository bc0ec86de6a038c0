package kol.flink.scoring;

import ai.onnxruntime.OrtException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kol.flink.champion.Champion;
import kol.flink.champion.ChampionHolder;
import kol.flink.champion.ChampionNeeds;
import kol.flink.champion.ColumnBatch;
import kol.flink.champion.UnusableRowException;

/**
 * Scores raw rows with the champion of the hour, every row of a call with the same one. For one
 * thread.
 */
public final class Scorer {
  private final ChampionHolder champions;
  private final ChampionNeeds needs;
  private final Set<String> outputs;
  private final int capacity;
  private Champion prepared;
  private int[] positions = {};
  private ColumnBatch batch;

  /**
   * A scorer that reads rows as {@code needs.columns()} lists their values.
   *
   * @param capacity rows of a call at most
   */
  public Scorer(ChampionHolder champions, ChampionNeeds needs, int capacity) {
    this.champions = champions;
    this.needs = needs;
    this.capacity = capacity;
    outputs = new LinkedHashSet<>(needs.outputs());
  }

  /** An outcome per row, in their order. A row that cannot be scored costs the others nothing. */
  public Outcome[] score(List<Object[]> rows) {
    Champion champion = champions.lease();
    try {
      prepareFor(champion);
      Outcome[] outcomes = new Outcome[rows.size()];
      int[] scored = new int[rows.size()];
      batch.clear();
      for (int i = 0; i < outcomes.length; i++) {
        try {
          batch.add(inOrder(rows.get(i)));
          scored[batch.size() - 1] = i;
        } catch (UnusableRowException e) {
          outcomes[i] = new Outcome.Rejection(e.getMessage());
        }
      }
      int[] which = Arrays.copyOf(scored, batch.size());
      try {
        answer(champion, outcomes, which);
      } catch (OrtException e) {
        answerOneByOne(champion, rows, outcomes, which);
      }
      return outcomes;
    } finally {
      champion.release();
    }
  }

  private void prepareFor(Champion champion) {
    if (champion == prepared) return;
    positions =
        champion.columns().stream()
            .mapToInt(column -> needs.columns().indexOf(column.name()))
            .toArray();
    batch = new ColumnBatch(champion.columns(), capacity);
    prepared = champion;
  }

  private Object[] inOrder(Object[] row) throws UnusableRowException {
    if (row.length != needs.columns().size()) {
      throw new UnusableRowException(
          "expected %d values, found %d".formatted(needs.columns().size(), row.length));
    }
    Object[] ordered = new Object[positions.length];
    for (int c = 0; c < positions.length; c++) ordered[c] = row[positions[c]];
    return ordered;
  }

  private void answer(Champion champion, Outcome[] outcomes, int[] which) throws OrtException {
    Map<String, float[]> answers = champion.run(batch, outputs);
    for (int k = 0; k < which.length; k++) {
      outcomes[which[k]] =
          new Outcome.Score(champion.version(), valuesOf(answers, k, which.length));
    }
  }

  private float[] valuesOf(Map<String, float[]> answers, int row, int nRows) {
    float[] values = {};
    for (String output : needs.outputs()) {
      float[] all = answers.get(output);
      int width = all.length / nRows;
      int end = values.length;
      values = Arrays.copyOf(values, end + width);
      System.arraycopy(all, row * width, values, end, width);
    }
    return values;
  }

  /** One row that the graph chokes on would otherwise take the whole batch with it. */
  private void answerOneByOne(
      Champion champion, List<Object[]> rows, Outcome[] outcomes, int[] which) {
    for (int i : which) {
      batch.clear();
      try {
        batch.add(inOrder(rows.get(i)));
        answer(champion, outcomes, new int[] {i});
      } catch (UnusableRowException | OrtException e) {
        outcomes[i] = new Outcome.Rejection(champion + " fails on it: " + e.getMessage());
      }
    }
  }
}
