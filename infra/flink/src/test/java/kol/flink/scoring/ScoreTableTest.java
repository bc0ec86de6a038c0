package kol.flink.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kol.flink.TestTopic;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ScoreTableTest {
  private final StreamExecutionEnvironment environment =
      StreamExecutionEnvironment.createLocalEnvironment(1);
  private final StreamTableEnvironment tables = StreamTableEnvironment.create(environment);

  @Test
  void scoresEveryRowOnceInBatches() throws Exception {
    ContractTable golden = new ContractTable("kol-success", List.of("success_score"));
    int n = golden.rows().size() * 5 + 7;
    DataStream<Integer> ids =
        environment.fromSequence(0, n - 1).map(Long::intValue).returns(Types.INT);
    Table table = golden.in(tables, ids);
    ScoreTable scoring =
        new ScoreTable(
            tables, table, golden.settings(), golden.needs(), new BatchLimits(64, 10_000));
    tables.createTemporaryView("scored", scoring.scored());
    Outcome.Score[] expected = golden.answers();
    Set<Integer> seen = new HashSet<>();
    try (CloseableIterator<Row> rows =
        tables.executeSql("SELECT id, success_score, model_version FROM scored").collect()) {
      while (rows.hasNext()) {
        Row row = rows.next();
        int id = (Integer) row.getField(0);
        assertTrue(seen.add(id), "row " + id + " came twice");
        Outcome.Score wanted = expected[id % expected.length];
        assertEquals(wanted.values()[0], (Float) row.getField(1), 1e-3f, "row " + id);
        assertEquals(wanted.version(), row.getField(2));
      }
    }
    assertEquals(n, seen.size());
  }

  @Test
  void putsRowsAsideThatCannotBeScored() throws Exception {
    ContractTable golden = new ContractTable("kol-trust", List.of("trust_score"));
    Table table =
        tables.sqlQuery(
            "SELECT *, 1.5E0 AS following_count, 1E0 AS post_count, 1E0 AS favorites_count, TRUE AS verified,"
                + " TRUE AS default_profile, TRUE AS default_profile_image, TRUE AS geo_enabled, 1 AS account_age_days"
                + " FROM (VALUES (1, '17'), (2, 'many'), (3, CAST(NULL AS STRING))) AS t (id, followers_count)");
    ScoreTable scoring =
        new ScoreTable(
            tables, table, golden.settings(), golden.needs(), new BatchLimits(64, 10_000));
    DataStream<Row> scored = tables.toDataStream(scoring.scored());
    List<String> found = new ArrayList<>();
    try (CloseableIterator<String> rows =
        scored
            .map(row -> "scored " + row.getField("id"))
            .union(scoring.deadLetters().map(letter -> letter.reason()))
            .executeAndCollect()) {
      rows.forEachRemaining(found::add);
    }
    assertEquals(
        Set.of(
            "column followers_count: expected a number, found \"17\"",
            "column followers_count: expected a number, found \"many\"",
            "scored 3"),
        Set.copyOf(found));
    assertEquals(3, found.size());
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void letsNoRowOfASlowStreamWait() throws Exception {
    ContractTable golden = new ContractTable("kol-trust", List.of("trust_score"));
    // A stream that gives three rows, and then neither a row nor a watermark nor an end.
    TestTopic topic = new TestTopic("slow", 1);
    for (int i = 0; i < 3; i++) topic.send(null, String.valueOf(i));
    KafkaSource<String> source =
        KafkaSource.<String>builder()
            .setBootstrapServers(topic.brokers())
            .setTopics(topic.name())
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setValueOnlyDeserializer(new SimpleStringSchema())
            .build();
    DataStream<Integer> ids =
        environment
            .fromSource(source, WatermarkStrategy.noWatermarks(), "slow")
            .map(Integer::parseInt)
            .returns(Types.INT);
    ScoreTable scoring =
        new ScoreTable(
            tables,
            golden.in(tables, ids),
            golden.settings(),
            golden.needs(),
            new BatchLimits(64, 20));
    try (CloseableIterator<Row> rows = tables.toDataStream(scoring.scored()).executeAndCollect()) {
      for (int i = 0; i < 3; i++) assertEquals(i, rows.next().getField("id"));
    }
  }
}
