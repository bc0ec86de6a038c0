package kol.flink.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kol.flink.champion.ChampionNeeds;
import kol.flink.champion.ChampionSettings;
import kol.flink.champion.SharedChampions;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;
import org.apache.flink.types.Row;

/**
 * Scores a row in SQL: raw columns in, in the order of {@code needs.columns()}; out comes a ROW of
 * the outputs, {@code model_version}, and {@code rejection}, the reason where a row cannot be
 * scored.
 *
 * <pre>{@code
 * tables.createTemporarySystemFunction("trust", new ScoreFunction(settings, needs));
 * SELECT kol_id, s.trust_score, s.model_version
 * FROM (SELECT kol_id, trust(followers_count, …) AS s FROM accounts)
 * }</pre>
 *
 * One call to the runtime per row; {@link ScoreTable} is several times as fast.
 */
public final class ScoreFunction extends ScalarFunction {
  private static final long serialVersionUID = 1L;

  private final ChampionSettings settings;
  private final ChampionNeeds needs;
  private transient SharedChampions champions;
  private transient Scorer scorer;

  /** To be registered as an instance. */
  public ScoreFunction(ChampionSettings settings, ChampionNeeds needs) {
    this.settings = settings;
    this.needs = needs;
  }

  @Override
  public void open(FunctionContext context) throws Exception {
    champions = SharedChampions.acquire(settings, needs);
    ChampionMetrics.register(context.getMetricGroup(), champions.holder());
    scorer = new Scorer(champions.holder(), needs, 1);
  }

  /** The ROW of one row's scores. */
  public Row eval(Object... columns) {
    Row scores = new Row(needs.outputs().size() + 2);
    Outcome outcome = scorer.score(List.<Object[]>of(columns))[0];
    if (outcome instanceof Outcome.Score score) {
      for (int i = 0; i < score.values().length; i++) scores.setField(i, score.values()[i]);
      scores.setField(needs.outputs().size(), score.version());
    } else if (outcome instanceof Outcome.Rejection rejection) {
      scores.setField(needs.outputs().size() + 1, rejection.reason());
    }
    return scores;
  }

  /** The next row may meet a newer champion. */
  @Override
  public boolean isDeterministic() {
    return false;
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory factory) {
    List<DataTypes.Field> fields = new ArrayList<>();
    for (String output : needs.outputs()) fields.add(DataTypes.FIELD(output, DataTypes.FLOAT()));
    fields.add(DataTypes.FIELD("model_version", DataTypes.STRING()));
    fields.add(DataTypes.FIELD("rejection", DataTypes.STRING()));
    DataType scores = DataTypes.ROW(fields).notNull();
    return TypeInference.newBuilder()
        .inputTypeStrategy(new RawColumnTypes(needs.columns()))
        .outputTypeStrategy(TypeStrategies.explicit(scores))
        .build();
  }

  @Override
  public void close() {
    Optional.ofNullable(champions).ifPresent(SharedChampions::release);
    champions = null;
  }
}
