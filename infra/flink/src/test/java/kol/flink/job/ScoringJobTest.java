package kol.flink.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import kol.flink.Fixtures;
import kol.flink.TestTopic;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole job with the real Kafka and Cassandra. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ScoringJobTest {
  private static final double THRESHOLD = 0.6;

  @TempDir Path folder;
  private TestTopic events;
  private TestTopic metrics;
  private TestTopic alerts;
  private TestTopic dead;
  private EventLoad load;

  @BeforeAll
  static void makeTables() throws IOException {
    new CassandraTables().close();
  }

  @BeforeEach
  void makeTopics() throws Exception {
    events = new TestTopic("events", 3);
    metrics = new TestTopic("metrics", 2);
    alerts = new TestTopic("alerts", 1);
    dead = new TestTopic("dead", 1);
    load = new EventLoad(events);
  }

  private JobSettings settings() throws IOException {
    return JobSettings.of(
        new String[] {
          "--brokers", events.brokers(),
          "--group", events.name(),
          "--events", events.name(),
          "--metrics", metrics.name(),
          "--alerts", alerts.name(),
          "--dead-letters", dead.name(),
          "--cassandra", Fixtures.setting("kol.cassandra"),
          "--champion", Fixtures.champion("kol-trust").toString(),
          "--columns", String.join(",", Fixtures.inputs("kol-trust")),
          "--window-seconds", "5",
          "--out-of-order-seconds", "1",
          "--checkpoint-seconds", "0.5",
          "--trust-threshold", String.valueOf(THRESHOLD)
        });
  }

  private void layOut(StreamExecutionEnvironment environment) throws IOException {
    ScoringJob.build(environment, settings());
  }

  @Test
  void losesAndDoublesNoRowThroughCrashesAndRestarts() throws Exception {
    try (CassandraTables tables = new CassandraTables()) {
      String savepoint;
      try (JobCluster cluster = new JobCluster(folder)) {
        cluster.start(this::layOut, null);
        for (int crash = 0; crash < 2; crash++) {
          int before = metrics.committed().size();
          load.send(800, 20);
          // Work has been committed, and the next part is under way, when a machine goes.
          cluster.waitUntil(() -> metrics.committed().size() > before);
          load.send(800, 20);
          cluster.loseTaskManager();
        }
        load.closeWindows();
        cluster.waitUntil(() -> counted() >= load.total() - events.partitions());
        assertTrue(cluster.restarts() >= 2, cluster.restarts() + " restarts");
        savepoint = cluster.stop();
      }
      try (JobCluster cluster = new JobCluster(folder)) {
        cluster.start(this::layOut, savepoint);
        load.send(800, 20);
        load.closeWindows();
        cluster.waitUntil(() -> counted() >= load.total() - events.partitions());
        cluster.stop();
      }
      load.forgetOpenWindows();
      requireEachWindowOnce();
      requireDeadLetters();
      requireAlerts();
      requireTables(tables);
      System.out.printf(
          "restarts: %d events in, %d counted, %d windows, %d dead letters, %d alerts; 2 task managers lost, 1 savepoint%n",
          load.total(),
          counted(),
          load.windows(null),
          dead.committed().size(),
          alerts.committed().size());
    }
  }

  @Test
  void putsLateEventsAside() throws Exception {
    try (JobCluster cluster = new JobCluster(folder)) {
      cluster.start(this::layOut, null);
      load.send(50, 10);
      load.closeWindows();
      cluster.waitUntil(() -> counted() >= load.total() - events.partitions());
      int letters = dead.committed().size();
      String late =
          "{\"event_id\":\"late\",\"kol_id\":\"late\",\"type\":\"view\",\"occurred_at\":\"2026-03-01T00:00:00Z\"}";
      events.send(0, late);
      cluster.waitUntil(() -> dead.committed().size() > letters);
      cluster.stop();
      JsonNode letter = Fixtures.JSON.readTree(dead.committed().get(letters));
      assertEquals("event late", letter.path("source").asText());
      assertEquals("it came after its window was closed", letter.path("reason").asText());
    }
  }

  private int counted() throws IOException {
    int n = 0;
    for (String window : metrics.committed())
      n += Fixtures.JSON.readTree(window).path("events").asInt();
    return n;
  }

  private void requireEachWindowOnce() throws IOException {
    TreeMap<String, Integer> found = new TreeMap<>();
    for (String text : metrics.committed()) {
      JsonNode window = Fixtures.JSON.readTree(text);
      String key = window.path("kol_id").asText() + " " + window.path("window_start").asText();
      int n = window.path("events").asInt();
      assertEquals(null, found.put(key, n), key + " came twice");
      double sum = 0;
      for (String each : List.of("views", "likes", "comments", "shares", "follows")) {
        sum += window.path(each).asDouble();
      }
      // Every event says that something happened twice.
      assertEquals(2.0 * n, sum);
    }
    assertEquals(load.eventsByWindow, found);
  }

  private void requireDeadLetters() throws IOException {
    int garbage = 0;
    int unusable = 0;
    for (String text : dead.committed()) {
      JsonNode letter = Fixtures.JSON.readTree(text);
      String reason = letter.path("reason").asText();
      if (letter.path("source").asText().equals("account of " + load.kolId(EventLoad.UNUSABLE))) {
        assertEquals("column followers_count: expected a number, found \"many\"", reason);
        unusable++;
      } else {
        assertTrue(letter.path("source").asText().startsWith(events.name()), text);
        assertTrue(reason.startsWith("expected"), text);
        garbage++;
      }
    }
    assertEquals(load.garbage, garbage);
    assertEquals(load.windows(EventLoad.UNUSABLE), unusable);
  }

  private void requireAlerts() throws IOException {
    TreeSet<String> untrusted = load.untrusted(settings().champion(), THRESHOLD);
    assertTrue(untrusted.size() > 2 && untrusted.size() < EventLoad.KOLS - 4, untrusted.toString());
    long expected =
        load.eventsByWindow.keySet().stream()
            .filter(key -> untrusted.contains(key.substring(0, key.indexOf(' '))))
            .count();
    TreeSet<String> raised = new TreeSet<>();
    for (String text : alerts.committed()) {
      JsonNode alert = Fixtures.JSON.readTree(text);
      assertTrue(untrusted.contains(alert.path("kol_id").asText()), text);
      assertTrue(
          raised.add(alert.path("kol_id").asText() + alert.path("raised_at").asText()), text);
    }
    assertEquals(expected, raised.size());
  }

  private void requireTables(CassandraTables tables) throws IOException {
    TreeSet<String> untrusted = load.untrusted(settings().champion(), THRESHOLD);
    for (int k = 0; k < EventLoad.KOLS; k++) {
      String kolId = load.kolId(k);
      double counted = 0;
      for (String day : List.of("2026-03-01", "2026-03-02")) {
        for (Row row :
            tables.all(
                "SELECT metric, value FROM kol_metrics.windowed_metrics WHERE kol_id = ? AND day = ?",
                kolId,
                LocalDate.parse(day))) {
          if (row.getString("metric").equals("events")) counted += row.getDouble("value");
        }
      }
      double expected =
          load.eventsByWindow.entrySet().stream()
              .filter(entry -> entry.getKey().startsWith(kolId + " "))
              .mapToInt(java.util.Map.Entry::getValue)
              .sum();
      assertEquals(expected, counted, kolId);
      boolean isScored = k != EventLoad.UNUSABLE && k != EventLoad.UNSEEN;
      List<Row> scores =
          tables.all("SELECT trust_score FROM kol_metrics.latest_scores WHERE kol_id = ?", kolId);
      assertEquals(isScored ? 1 : 0, scores.size(), kolId);
      long raised = tables.all("SELECT * FROM kol_metrics.alerts WHERE kol_id = ?", kolId).size();
      assertEquals(untrusted.contains(kolId) ? load.windows(k) : 0, raised, kolId);
    }
  }
}
