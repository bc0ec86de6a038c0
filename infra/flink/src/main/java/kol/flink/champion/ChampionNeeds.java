package kol.flink.champion;

import java.io.Serializable;
import java.util.List;

/**
 * What a job and its champion must agree on.
 *
 * @param columns raw columns that the job has; a champion may read fewer
 * @param outputs that the job reads
 */
public record ChampionNeeds(List<String> columns, List<String> outputs) implements Serializable {
  /** Holds lists of its own. */
  public ChampionNeeds {
    columns = List.copyOf(columns);
    outputs = List.copyOf(outputs);
  }

  /**
   * Refuses a champion that this job could not use.
   *
   * @throws ChampionException naming the column or output
   */
  void check(Champion champion) throws ChampionException {
    for (RawColumn column : champion.columns()) {
      if (!columns.contains(column.name())) {
        throw new ChampionException(
            "%s reads the column %s, which the job lacks; it has %s"
                .formatted(champion, column.name(), columns));
      }
    }
    for (String output : outputs) {
      if (!champion.outputs().contains(output)) {
        throw new ChampionException(
            "%s has no output %s; it has %s".formatted(champion, output, champion.outputs()));
      }
    }
  }
}
