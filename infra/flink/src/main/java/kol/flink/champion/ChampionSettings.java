package kol.flink.champion;

import java.io.Serializable;

/**
 * Which champion, and how often it is looked for.
 *
 * @param address as {@link ChampionSource#of} takes it
 * @param mlflow address of MLflow; null where the champion lies elsewhere
 * @param refreshMillis pause between two looks
 */
public record ChampionSettings(String address, String mlflow, long refreshMillis)
    implements Serializable {
  /** Refuses a pause that would never end a look. */
  public ChampionSettings {
    if (refreshMillis < 1) {
      throw new IllegalArgumentException("refreshMillis=" + refreshMillis + " must be at least 1");
    }
  }
}
