package kol.flink.champion;

/**
 * A raw column as the graph takes it.
 *
 * @param width values of one row: 1, or the days of a history
 */
public record RawColumn(String name, Kind kind, int width) {
  /** What the values are. */
  public enum Kind {
    /** float32; missing is NaN. */
    NUMBER,
    /** int64; never missing. */
    WHOLE_NUMBER,
    /** Sanitised; missing is "". */
    TEXT
  }
}
