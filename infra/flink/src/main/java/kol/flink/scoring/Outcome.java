package kol.flink.scoring;

/** What became of a row: a score or a rejection. */
public sealed interface Outcome {
  /**
   * The champion's answer.
   *
   * @param version of the champion, the only one that had a part in it
   * @param values of the outputs, in the order in which they were asked for
   */
  record Score(String version, float[] values) implements Outcome {}

  /** Why no champion can score the row. */
  record Rejection(String reason) implements Outcome {}
}
