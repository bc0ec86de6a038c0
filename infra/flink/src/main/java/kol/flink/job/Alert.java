package kol.flink.job;

import java.util.Locale;
import java.util.Optional;

/**
 * Something that people should look at.
 *
 * @param raisedAt milliseconds since 1970: the end of the window, so that a window that is computed
 *     again raises the same alert
 */
public record Alert(
    String kolId, long raisedAt, String kind, String severity, String detail, String modelVersion) {

  /** The code that scores give the same fact. */
  static final String LOW_TRUST = "LOW_TRUST";

  /** The alert that a window gives reason for, if any. */
  static Optional<Alert> of(ScoredWindow window, double trustThreshold) {
    double trust = window.trustProbability();
    if (trust >= trustThreshold) return Optional.empty();
    WindowedMetrics metrics = window.metrics();
    return Optional.of(
        new Alert(
            metrics.kolId(),
            metrics.windowEnd(),
            LOW_TRUST,
            trust < trustThreshold / 2 ? "high" : "medium",
            String.format(
                Locale.ROOT,
                "trust probability %.3f is below %.3f; %d events in the window",
                trust,
                trustThreshold,
                metrics.events()),
            window.modelVersion()));
  }
}
