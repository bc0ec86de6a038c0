package kol.flink.scoring;

import java.util.ArrayList;
import java.util.List;
import kol.flink.champion.ChampionNeeds;
import kol.flink.champion.ChampionSettings;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;
import org.apache.flink.util.OutputTag;

/**
 * Scores an insert-only table in batches: the same table with the outputs and {@code model_version}
 * as further columns, and a stream of the rows that could not be scored.
 */
public final class ScoreTable {
  private static final OutputTag<DeadLetter> DEAD =
      new OutputTag<>("unscored", TypeInformation.of(DeadLetter.class));

  private final Table scored;
  private final DataStream<DeadLetter> deadLetters;

  /**
   * Plans the scoring.
   *
   * @param table holds the columns of {@code needs}, among others
   */
  public ScoreTable(
      StreamTableEnvironment tables,
      Table table,
      ChampionSettings settings,
      ChampionNeeds needs,
      BatchLimits limits) {
    List<String> names = table.getResolvedSchema().getColumnNames();
    List<DataTypes.Field> fields = new ArrayList<>();
    table
        .getResolvedSchema()
        .getColumns()
        .forEach(column -> fields.add(DataTypes.FIELD(column.getName(), column.getDataType())));
    needs.outputs().forEach(name -> fields.add(DataTypes.FIELD(name, DataTypes.FLOAT())));
    fields.add(DataTypes.FIELD("model_version", DataTypes.STRING()));
    DataType type = DataTypes.ROW(fields).notNull();

    SingleOutputStreamOperator<Row> stream =
        tables
            .toDataStream(table)
            .transform(
                "score",
                ExternalTypeInfo.<Row>of(type),
                new BatchScore<>(settings, needs, limits, new RowScoring(names, needs), DEAD));
    scored = tables.fromDataStream(stream, Schema.newBuilder().fromRowDataType(type).build());
    deadLetters = stream.getSideOutput(DEAD);
  }

  /** The rows with their scores. */
  public Table scored() {
    return scored;
  }

  /** The others. */
  public DataStream<DeadLetter> deadLetters() {
    return deadLetters;
  }

  private record RowScoring(List<String> names, ChampionNeeds needs)
      implements ScoredRow<Row, Row> {
    private RowScoring {
      names = List.copyOf(names);
    }

    @Override
    public Object[] columns(Row row) {
      return needs.columns().stream().map(name -> row.getField(names.indexOf(name))).toArray();
    }

    @Override
    public Row with(Row row, Outcome.Score score) {
      Row longer = new Row(row.getKind(), names.size() + needs.outputs().size() + 1);
      for (int i = 0; i < names.size(); i++) longer.setField(i, row.getField(i));
      for (int i = 0; i < score.values().length; i++) {
        longer.setField(names.size() + i, score.values()[i]);
      }
      longer.setField(names.size() + needs.outputs().size(), score.version());
      return longer;
    }

    @Override
    public DeadLetter rejected(Row row, String reason) {
      return new DeadLetter("table", reason, row.toString());
    }
  }
}
