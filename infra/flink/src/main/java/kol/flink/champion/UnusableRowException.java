package kol.flink.champion;

/** A row that no champion can score as it is. */
public final class UnusableRowException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Names the column, what was expected and what was found. */
  public UnusableRowException(String reason) {
    super(reason, null, false, false);
  }
}
