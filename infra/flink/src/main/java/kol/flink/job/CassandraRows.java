package kol.flink.job;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import kol.flink.sink.CassandraWrite;

/**
 * What the job writes to the keyspace kol_metrics (infra/cassandra/schema.cql). Keys are those of
 * the window, so that writing again changes nothing; and a write bears the moment of its window, so
 * that an old window that is computed again never covers a newer one.
 */
final class CassandraRows {
  private static final String METRIC =
      "INSERT INTO kol_metrics.windowed_metrics (kol_id, day, window_start, window_end, metric, value)"
          + " VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?";
  private static final String SCORE =
      "INSERT INTO kol_metrics.latest_scores (kol_id, scored_at, trust_score, model_name, model_version)"
          + " VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?";
  private static final String ALERT =
      "INSERT INTO kol_metrics.alerts (kol_id, raised_at, kind, severity, detail)"
          + " VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?";
  private static final String MODEL = "kol-trust";

  private CassandraRows() {}

  static List<CassandraWrite> metrics(WindowedMetrics window) {
    Instant start = Instant.ofEpochMilli(window.windowStart());
    Instant end = Instant.ofEpochMilli(window.windowEnd());
    LocalDate day = start.atZone(ZoneOffset.UTC).toLocalDate();
    List<CassandraWrite> writes = new ArrayList<>();
    Object[][] metrics = {
      {"events", (double) window.events()},
      {"views", window.views()},
      {"likes", window.likes()},
      {"comments", window.comments()},
      {"shares", window.shares()},
      {"follows", window.follows()},
      {"engagement_rate", window.engagementRate()},
    };
    for (Object[] metric : metrics) {
      if (((Double) metric[1]).isNaN()) continue;
      writes.add(
          new CassandraWrite(
              METRIC,
              window.kolId(),
              day,
              start,
              end,
              metric[0],
              metric[1],
              micros(window.windowEnd())));
    }
    return writes;
  }

  static List<CassandraWrite> score(ScoredWindow window) {
    long end = window.metrics().windowEnd();
    return List.of(
        new CassandraWrite(
            SCORE,
            window.metrics().kolId(),
            Instant.ofEpochMilli(end),
            window.trustScore(),
            MODEL,
            window.modelVersion(),
            micros(end)));
  }

  static List<CassandraWrite> alert(Alert alert) {
    return List.of(
        new CassandraWrite(
            ALERT,
            alert.kolId(),
            Instant.ofEpochMilli(alert.raisedAt()),
            alert.kind(),
            alert.severity(),
            alert.detail(),
            micros(alert.raisedAt())));
  }

  private static long micros(long millis) {
    return millis * 1000;
  }
}
