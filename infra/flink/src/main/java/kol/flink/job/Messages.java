package kol.flink.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import kol.flink.scoring.DeadLetter;

/** What the job writes to Kafka, as JSON. */
final class Messages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Messages() {}

  /** A window, for metrics.kol.windowed. */
  static String metrics(WindowedMetrics window) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("kol_id", window.kolId())
            .put("window_start", moment(window.windowStart()))
            .put("window_end", moment(window.windowEnd()))
            .put("events", window.events())
            .put("views", window.views())
            .put("likes", window.likes())
            .put("comments", window.comments())
            .put("shares", window.shares())
            .put("follows", window.follows());
    if (!Double.isNaN(window.engagementRate())) {
      json.put("engagement_rate", window.engagementRate());
    }
    return json.toString();
  }

  /** An alert, for alerts.stream. */
  static String alert(Alert alert) {
    return JSON.createObjectNode()
        .put("kol_id", alert.kolId())
        .put("raised_at", moment(alert.raisedAt()))
        .put("kind", alert.kind())
        .put("severity", alert.severity())
        .put("detail", alert.detail())
        .put("model_version", alert.modelVersion())
        .toString();
  }

  /** A dead letter. */
  static String deadLetter(DeadLetter letter) {
    return JSON.createObjectNode()
        .put("source", letter.source())
        .put("reason", letter.reason())
        .put("payload", letter.payload())
        .toString();
  }

  private static String moment(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
