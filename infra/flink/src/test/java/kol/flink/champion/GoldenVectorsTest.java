package kol.flink.champion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import kol.flink.Fixtures;
import kol.flink.scoring.Outcome;
import kol.flink.scoring.Scorer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Java answers what the champion's own contract.jsonl says, batch by batch and row by row. */
class GoldenVectorsTest {
  private static final double LIMIT = 1e-5;

  static List<Path> champions() throws IOException {
    return Fixtures.champions();
  }

  @Test
  void thereAreChampionsOfEveryKind() throws IOException {
    Set<String> names =
        champions().stream()
            .map(folder -> folder.getFileName().toString())
            .collect(Collectors.toSet());
    Set<String> wanted =
        Set.of("kol-trust", "kol-trust-2", "kol-sentiment", "kol-success", "kol-forecast-views");
    assertTrue(names.containsAll(wanted), names.toString());
  }

  @ParameterizedTest
  @MethodSource("champions")
  void answersAsTheContractSays(Path folder) throws IOException {
    String address = folder.toString();
    Champion champion = Champion.open(new FolderSource(folder).fetch(null).orElseThrow());
    List<String> inputs = champion.columns().stream().map(RawColumn::name).toList();
    champion.release();

    double worst = 0;
    int rowCount = 0;
    for (String line : Files.readAllLines(folder.resolve("contract.jsonl"))) {
      JsonNode batch = Fixtures.JSON.readTree(line);
      List<String> outputs = new ArrayList<>();
      batch.path("outputs").fieldNames().forEachRemaining(outputs::add);
      ChampionNeeds needs = new ChampionNeeds(inputs, outputs);
      SharedChampions champions =
          SharedChampions.acquire(new ChampionSettings(address, null, 60_000), needs);
      try {
        List<Object[]> rows = Fixtures.rows(batch.path("inputs"), inputs);
        Scorer together = new Scorer(champions.holder(), needs, rows.size());
        Scorer alone = new Scorer(champions.holder(), needs, 1);
        Outcome[] outcomes = together.score(rows);
        for (int i = 0; i < rows.size(); i++) {
          String where = batch.path("case").asText() + " row " + i;
          worst =
              Math.max(worst, difference(batch.path("outputs"), outputs, i, outcomes[i], where));
          Outcome single = alone.score(List.<Object[]>of(rows.get(i)))[0];
          worst = Math.max(worst, difference(batch.path("outputs"), outputs, i, single, where));
        }
        rowCount += rows.size();
      } finally {
        champions.release();
      }
    }
    System.out.printf(
        "golden vectors of %s: %d rows, largest difference %.3g%n",
        folder.getFileName(), rowCount, worst);
    assertTrue(rowCount > 80, rowCount + " rows");
    assertTrue(worst <= LIMIT, "largest difference " + worst);
  }

  /** Absolute up to 1, relative above. */
  private static double difference(
      JsonNode expected, List<String> outputs, int row, Outcome outcome, String where) {
    if (!(outcome instanceof Outcome.Score score)) throw new AssertionError(where + ": " + outcome);
    double worst = 0;
    int at = 0;
    for (String output : outputs) {
      JsonNode value = expected.path(output).get(row);
      for (JsonNode each : value.isArray() ? value : List.of(value)) {
        double wanted = Fixtures.number(each);
        double found = score.values()[at++];
        double difference =
            wanted == found || (Double.isNaN(wanted) && Double.isNaN(found))
                ? 0
                : Math.abs(wanted - found) / Math.max(1, Math.abs(wanted));
        // NaN beside a number is no small difference.
        worst = Math.max(worst, Double.isNaN(difference) ? Double.MAX_VALUE : difference);
      }
    }
    assertEquals(at, score.values().length, where);
    return worst;
  }
}
