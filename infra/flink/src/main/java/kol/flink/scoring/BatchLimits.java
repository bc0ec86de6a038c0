package kol.flink.scoring;

import java.io.Serializable;

/**
 * How far a batch may grow.
 *
 * @param rows that are scored at once
 * @param waitMillis that a row waits for others, at most
 */
public record BatchLimits(int rows, long waitMillis) implements Serializable {
  /** Where larger batches gain nothing, and nobody notices the wait. */
  public static final BatchLimits DEFAULT = new BatchLimits(512, 50);

  /** Refuses limits under which nothing would be scored. */
  public BatchLimits {
    if (rows < 1 || waitMillis < 1) {
      throw new IllegalArgumentException(
          "rows=%d, waitMillis=%d must be at least 1".formatted(rows, waitMillis));
    }
  }
}
