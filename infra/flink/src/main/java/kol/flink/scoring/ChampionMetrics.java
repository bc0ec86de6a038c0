package kol.flink.scoring;

import kol.flink.champion.ChampionHolder;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** How fresh the champion is, for whoever watches the job. */
final class ChampionMetrics {
  private ChampionMetrics() {}

  static void register(MetricGroup group, ChampionHolder champions) {
    MetricGroup champion = group.addGroup("champion");
    champion.gauge("swaps", (Gauge<Long>) champions::swaps);
    champion.gauge("failures", (Gauge<Long>) champions::failures);
    champion.gauge("millisSinceCheck", (Gauge<Long>) champions::millisSinceCheck);
  }
}
