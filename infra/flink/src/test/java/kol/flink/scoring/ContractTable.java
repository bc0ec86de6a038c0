package kol.flink.scoring;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import kol.flink.Fixtures;
import kol.flink.champion.ChampionNeeds;
import kol.flink.champion.ChampionSettings;
import kol.flink.champion.SharedChampions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;

/** The golden rows of a champion as a table (id, then its columns), and what it says of them. */
final class ContractTable {
  private static final Pattern LONE_SURROGATE = Pattern.compile("[\\x{D800}-\\x{DFFF}]");

  private final ChampionSettings settings;
  private final ChampionNeeds needs;
  private final List<Object[]> rows;
  private final boolean[] areTexts;

  ContractTable(String champion, List<String> outputs) throws IOException {
    settings = new ChampionSettings(Fixtures.champion(champion).toString(), null, 60_000);
    needs = new ChampionNeeds(Fixtures.inputs(champion), outputs);
    // Flink's own strings hold no lone surrogates: it makes question marks of them.
    rows =
        Fixtures.rows(champion).stream()
            .filter(row -> Arrays.stream(row).noneMatch(ContractTable::isMalformed))
            .toList();
    areTexts = new boolean[needs.columns().size()];
    for (Object[] row : rows) {
      for (int c = 0; c < row.length; c++) areTexts[c] |= row[c] instanceof String;
    }
  }

  private static boolean isMalformed(Object value) {
    return value instanceof String text && LONE_SURROGATE.matcher(text).find();
  }

  ChampionSettings settings() {
    return settings;
  }

  ChampionNeeds needs() {
    return needs;
  }

  List<Object[]> rows() {
    return rows;
  }

  /** One column after the other, for a call in SQL. */
  String arguments() {
    return String.join(", ", needs.columns().stream().map(name -> "`" + name + "`").toList());
  }

  Table in(StreamTableEnvironment tables, DataStream<Integer> ids) {
    List<DataTypes.Field> fields = new ArrayList<>();
    fields.add(DataTypes.FIELD("id", DataTypes.INT()));
    for (int c = 0; c < areTexts.length; c++) {
      fields.add(
          DataTypes.FIELD(
              needs.columns().get(c), areTexts[c] ? DataTypes.STRING() : DataTypes.DOUBLE()));
    }
    DataType type = DataTypes.ROW(fields).notNull();
    List<Object[]> all = rows;
    DataStream<Row> stream =
        ids.map(
                id -> {
                  Object[] values = all.get(id % all.size());
                  Row row = new Row(values.length + 1);
                  row.setField(0, id);
                  for (int c = 0; c < values.length; c++) row.setField(c + 1, values[c]);
                  return row;
                })
            .returns(ExternalTypeInfo.<Row>of(type));
    return tables.fromDataStream(stream, Schema.newBuilder().fromRowDataType(type).build());
  }

  /** What a scorer of its own says, row by row. */
  Outcome.Score[] answers() throws IOException {
    SharedChampions champions = SharedChampions.acquire(settings, needs);
    try {
      Scorer scorer = new Scorer(champions.holder(), needs, rows.size());
      return Arrays.stream(scorer.score(rows))
          .map(outcome -> (Outcome.Score) outcome)
          .toArray(Outcome.Score[]::new);
    } finally {
      champions.release();
    }
  }
}
