package kol.flink.job;

/**
 * What happened around a KOL within a window.
 *
 * @param windowStart milliseconds since 1970
 * @param windowEnd the first moment after it
 * @param events that were counted, each once
 * @param account raw columns as JSON, as seen last; null where never seen
 */
public record WindowedMetrics(
    String kolId,
    long windowStart,
    long windowEnd,
    long events,
    double views,
    double likes,
    double comments,
    double shares,
    double follows,
    String account) {

  /** Likes, comments and shares per view; NaN without views. */
  public double engagementRate() {
    return views > 0 ? (likes + comments + shares) / views : Double.NaN;
  }
}
