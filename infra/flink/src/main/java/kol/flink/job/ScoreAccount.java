package kol.flink.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import kol.flink.champion.ChampionNeeds;
import kol.flink.scoring.DeadLetter;
import kol.flink.scoring.Outcome.Score;
import kol.flink.scoring.ScoredRow;

/** Scores the account that a window saw last. */
record ScoreAccount(List<String> columns) implements ScoredRow<WindowedMetrics, ScoredWindow> {
  /** Outputs of the trust champion, in the order in which {@link #with} reads them. */
  static final List<String> OUTPUTS = List.of("trust_probability", "trust_score");

  private static final ObjectMapper JSON = new ObjectMapper();

  static ChampionNeeds needs(List<String> columns) {
    return new ChampionNeeds(columns, OUTPUTS);
  }

  @Override
  public Object[] columns(WindowedMetrics row) {
    JsonNode account;
    try {
      account = JSON.readTree(row.account());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("accounts were JSON when they were parsed", e);
    }
    return columns.stream().map(name -> plain(account.path(name))).toArray();
  }

  private static Object plain(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) return null;
    if (value.isNumber()) return value.numberValue();
    if (value.isBoolean()) return value.booleanValue();
    if (value.isTextual()) return value.textValue();
    // Of no type that a champion reads: the row becomes a dead letter that names the column.
    return value;
  }

  @Override
  public ScoredWindow with(WindowedMetrics row, Score score) {
    return new ScoredWindow(row, score.values()[0], score.values()[1], score.version());
  }

  @Override
  public DeadLetter rejected(WindowedMetrics row, String reason) {
    return new DeadLetter("account of " + row.kolId(), reason, row.account());
  }
}
