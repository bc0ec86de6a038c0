package kol.flink.champion;

import java.io.IOException;

/** A champion that cannot be had or must not be used, with the reason and what would mend it. */
public final class ChampionException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A reason alone. */
  public ChampionException(String message) {
    super(message);
  }

  /** A reason and what lies beneath it. */
  public ChampionException(String message, Throwable cause) {
    super(message, cause);
  }
}
