package kol.flink.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kol.flink.Fixtures;
import kol.flink.champion.ChampionNeeds;
import kol.flink.champion.ChampionSettings;
import kol.flink.champion.SharedChampions;
import kol.flink.scoring.BatchLimits;
import kol.flink.scoring.ScoreFunction;
import kol.flink.scoring.ScoreTable;
import kol.flink.scoring.Scorer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;

/**
 * Rows per second of one slot, by how rows are scored: {@code make bench-flink}. Every path reads
 * the same rows in memory and ends in nothing; the time of a job of one row, taken when all is
 * warm, is taken off.
 */
public final class Throughput {
  private static final String CHAMPION = System.getProperty("bench.champion", "kol-trust");
  private static final int ROWS = Integer.getInteger("bench.rows", 300_000);

  private final List<Object[]> rows = Fixtures.rows(CHAMPION);
  private final ChampionNeeds needs;
  private final ChampionSettings settings =
      new ChampionSettings(Fixtures.champion(CHAMPION).toString(), null, 60_000);

  private Throughput() throws java.io.IOException {
    needs = new ChampionNeeds(Fixtures.inputs(CHAMPION), List.of("trust_probability"));
  }

  /** Prints a table. */
  public static void main(String[] arguments) throws Exception {
    Throughput bench = new Throughput();
    System.out.printf(
        "%d rows, %d columns%n| path | rows/s |%n|---|---|%n", ROWS, bench.needs.columns().size());
    bench.print("SQL, no champion", bench.job("none", 0, 10 * ROWS));
    bench.print("SQL function, row by row", bench.job("function", 0, ROWS));
    for (int batch : new int[] {1, 64, 512}) {
      bench.print("batches of " + batch, bench.job("batch", batch, ROWS));
    }
    bench.print("ONNX Runtime alone, batches of 512", bench.runtimeAlone(512));
  }

  private void print(String path, double rowsPerSecond) {
    System.out.printf(Locale.ENGLISH, "| %s | %,.0f |%n", path, rowsPerSecond);
  }

  private double job(String path, int batch, int n) throws Exception {
    seconds(path, batch, n / 10);
    double empty = Math.min(seconds(path, batch, 1), seconds(path, batch, 1));
    return n / (seconds(path, batch, n) - empty);
  }

  private double seconds(String path, int batch, int n) throws Exception {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1);
    StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
    tables.createTemporaryTable("nothing", nothing());
    Table accounts = accounts(environment, tables, n);
    tables.createTemporaryView("accounts", accounts);
    String columns = String.join(", ", needs.columns());
    long start = System.nanoTime();
    if ("batch".equals(path)) {
      ScoreTable scored =
          new ScoreTable(tables, accounts, settings, needs, new BatchLimits(batch, 1_000));
      scored
          .scored()
          .select(org.apache.flink.table.api.Expressions.$("trust_probability"))
          .executeInsert("nothing")
          .await();
    } else if ("function".equals(path)) {
      tables.createTemporarySystemFunction("score", new ScoreFunction(settings, needs));
      tables
          .executeSql(
              "INSERT INTO nothing SELECT score(" + columns + ").trust_probability FROM accounts")
          .await();
    } else {
      tables
          .executeSql(
              "INSERT INTO nothing SELECT CAST(followers_count + post_count AS FLOAT) FROM accounts")
          .await();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static TableDescriptor nothing() {
    return TableDescriptor.forConnector("blackhole")
        .schema(Schema.newBuilder().column("score", DataTypes.FLOAT()).build())
        .build();
  }

  private Table accounts(
      StreamExecutionEnvironment environment, StreamTableEnvironment tables, int n) {
    List<DataTypes.Field> fields = new ArrayList<>();
    for (String name : needs.columns()) fields.add(DataTypes.FIELD(name, DataTypes.DOUBLE()));
    DataType type = DataTypes.ROW(fields).notNull();
    List<Row> all = rows.stream().map(Row::of).toList();
    return tables.fromDataStream(
        environment
            .fromSequence(0, n - 1)
            .map(id -> all.get((int) (id % all.size())))
            .returns(ExternalTypeInfo.<Row>of(type)),
        Schema.newBuilder().fromRowDataType(type).build());
  }

  private double runtimeAlone(int batch) throws Exception {
    SharedChampions champions = SharedChampions.acquire(settings, needs);
    try {
      Scorer scorer = new Scorer(champions.holder(), needs, batch);
      List<Object[]> some = new ArrayList<>();
      for (int i = 0; i < batch; i++) some.add(rows.get(i % rows.size()));
      for (int i = 0; i < 20; i++) scorer.score(some);
      int calls = ROWS / batch;
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) scorer.score(some);
      return calls * (double) batch / ((System.nanoTime() - start) / 1e9);
    } finally {
      champions.release();
    }
  }
}
