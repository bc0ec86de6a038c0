package kol.flink.job;

import java.time.Duration;
import java.util.List;
import kol.flink.champion.ChampionSettings;
import kol.flink.scoring.BatchLimits;
import org.apache.flink.api.java.utils.ParameterTool;

/**
 * What can be set for the job: as arguments ({@code --brokers localhost:19092}), or in a file that
 * {@code --properties FILE} names; arguments win.
 *
 * @param cassandra HOST:PORT; null to write none
 */
public record JobSettings(
    String brokers,
    String group,
    String events,
    String metrics,
    String alerts,
    String deadLetters,
    String cassandra,
    String datacenter,
    ChampionSettings champion,
    List<String> columns,
    BatchLimits batch,
    Duration window,
    Duration outOfOrderness,
    Duration idleness,
    Duration deliveryMemory,
    Duration checkpoints,
    double trustThreshold) {

  /** What a trust champion may read of an account. */
  static final String TRUST_COLUMNS =
      "followers_count,following_count,post_count,favorites_count,verified,default_profile,"
          + "default_profile_image,has_url,has_bio,geo_enabled,lang,location,account_age_days,bio,"
          + "username,display_name";

  /** Reads arguments and file; everything but brokers and champion has a default. */
  static JobSettings of(String[] arguments) throws java.io.IOException {
    ParameterTool given = ParameterTool.fromArgs(arguments);
    if (given.has("properties")) {
      given = ParameterTool.fromPropertiesFile(given.get("properties")).mergeWith(given);
    }
    return new JobSettings(
        given.getRequired("brokers"),
        given.get("group", "kol-scoring"),
        given.get("events", "events.social.raw"),
        given.get("metrics", "metrics.kol.windowed"),
        given.get("alerts", "alerts.stream"),
        given.get("dead-letters", "events.social.dead"),
        given.get("cassandra"),
        given.get("datacenter", "datacenter1"),
        new ChampionSettings(
            given.getRequired("champion"),
            given.get("mlflow"),
            seconds(given, "champion-refresh-seconds", 30).toMillis()),
        List.of(given.get("columns", TRUST_COLUMNS).split(",")),
        new BatchLimits(given.getInt("batch-rows", 512), given.getLong("batch-wait-millis", 50)),
        seconds(given, "window-seconds", 60),
        seconds(given, "out-of-order-seconds", 10),
        seconds(given, "idle-seconds", 30),
        seconds(given, "delivery-memory-seconds", 3_600),
        seconds(given, "checkpoint-seconds", 10),
        given.getDouble("trust-threshold", 0.5));
  }

  private static Duration seconds(ParameterTool given, String name, double otherwise) {
    double seconds = given.getDouble(name, otherwise);
    if (!(seconds > 0)) throw new IllegalArgumentException(name + "=" + seconds + " must be > 0");
    return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
  }
}
