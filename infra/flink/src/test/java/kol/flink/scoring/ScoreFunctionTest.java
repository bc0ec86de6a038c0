package kol.flink.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kol.flink.Fixtures;
import kol.flink.champion.ChampionNeeds;
import kol.flink.champion.ChampionSettings;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;

class ScoreFunctionTest {
  private final StreamExecutionEnvironment environment =
      StreamExecutionEnvironment.createLocalEnvironment(1);
  private final StreamTableEnvironment tables = StreamTableEnvironment.create(environment);

  private Map<Integer, Row> byId(String query) throws Exception {
    Map<Integer, Row> rows = new HashMap<>();
    try (CloseableIterator<Row> found = tables.executeSql(query).collect()) {
      found.forEachRemaining(row -> rows.put((Integer) row.getField(0), row));
    }
    return rows;
  }

  @Test
  void scoresTheGoldenRowsInSql() throws Exception {
    ContractTable golden =
        new ContractTable("kol-success", List.of("success_score", "expected_orders"));
    Integer[] ids = IntStream.range(0, golden.rows().size()).boxed().toArray(Integer[]::new);
    tables.createTemporaryView("campaigns", golden.in(tables, environment.fromData(ids)));
    tables.createTemporarySystemFunction(
        "score", new ScoreFunction(golden.settings(), golden.needs()));

    Map<Integer, Row> found =
        byId(
            "SELECT id, s.success_score, s.expected_orders, s.model_version, s.rejection"
                + " FROM (SELECT id, score("
                + golden.arguments()
                + ") AS s FROM campaigns)");
    Outcome.Score[] expected = golden.answers();
    assertTrue(expected.length > 150);
    assertEquals(expected.length, found.size());
    for (int id = 0; id < expected.length; id++) {
      Row row = found.get(id);
      // Alone and in a batch, sums of float32 differ by rounding.
      for (int v = 0; v < 2; v++) {
        float wanted = expected[id].values()[v];
        assertEquals(wanted, (Float) row.getField(1 + v), 1e-5f * Math.max(1, wanted), "row " + id);
      }
      assertEquals(expected[id].version(), row.getField(3));
      assertNull(row.getField(4));
    }
  }

  @Test
  void takesLiteralsNullsAndTypesOfAnyWidth() throws Exception {
    registerTrust();
    String one =
        "CAST(120 AS SMALLINT), 80.5, CAST(10 AS BIGINT), NULL, TRUE, CAST(NULL AS BOOLEAN), FALSE, TRUE, CAST(900 AS INT)";
    String same =
        "120, CAST(80.5 AS FLOAT), 10, CAST(NULL AS DECIMAL(8, 2)), TRUE, CAST(NULL AS BOOLEAN), FALSE, TRUE, 900";
    Map<Integer, Row> rows =
        byId(
            "SELECT 1, trust("
                + one
                + ").trust_score UNION ALL SELECT 2, trust("
                + same
                + ").trust_score");
    float score = (Float) rows.get(1).getField(1);
    assertEquals(score, rows.get(2).getField(1));
    assertTrue(score > 0 && score < 100, "score " + score);
  }

  @Test
  void givesTheReasonForARowThatCannotBeScored() throws Exception {
    registerTrust();
    Map<Integer, Row> rows =
        byId(
            "SELECT 1, s.trust_score, s.rejection FROM (SELECT trust('many', 1, 1, 1, TRUE, TRUE, TRUE, TRUE, 1) AS s)");
    assertNull(rows.get(1).getField(1));
    assertEquals(
        "column followers_count: expected a number, found \"many\"", rows.get(1).getField(2));
  }

  @Test
  void isNotPlannedWithOtherColumns() throws IOException {
    registerTrust();
    assertThrows(ValidationException.class, () -> tables.explainSql("SELECT trust(1, 2)"));
    ValidationException refused =
        assertThrows(
            ValidationException.class,
            () -> tables.explainSql("SELECT trust(ARRAY[1], 1, 1, 1, TRUE, TRUE, TRUE, TRUE, 1)"));
    List<String> messages =
        Stream.<Throwable>iterate(refused, Objects::nonNull, Throwable::getCause)
            .map(Throwable::getMessage)
            .toList();
    assertTrue(
        messages.stream()
            .anyMatch(each -> each.contains("column followers_count is of type ARRAY")),
        messages.toString());
  }

  @Test
  void isNeitherFoldedNorRepeated() throws IOException {
    registerTrust();
    assertFalse(new ScoreFunction(null, null).isDeterministic());
    String plan =
        tables.explainSql(
            "SELECT s.trust_score, s.model_version FROM (SELECT trust(1, 1, 1, 1, TRUE, TRUE, TRUE, TRUE, 1) AS s)");
    String optimized = plan.substring(plan.indexOf("Optimized Execution Plan"));
    assertEquals(1, optimized.split("trust\\(", -1).length - 1, optimized);
  }

  private void registerTrust() throws IOException {
    ChampionNeeds needs = new ChampionNeeds(Fixtures.inputs("kol-trust"), List.of("trust_score"));
    assertEquals(9, needs.columns().size());
    tables.createTemporarySystemFunction(
        "trust",
        new ScoreFunction(
            new ChampionSettings(Fixtures.champion("kol-trust").toString(), null, 60_000), needs));
  }
}
