package kol.flink.champion;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The champion of the hour. A newer one takes its place only when it is checked and fits. */
public final class ChampionHolder {
  private static final Logger LOG = LoggerFactory.getLogger(ChampionHolder.class);

  private final ChampionSource source;
  private final ChampionNeeds needs;
  private final AtomicLong swaps = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile Champion current;
  private volatile long checkedAt;

  /**
   * Fetches the first champion.
   *
   * @throws IOException where there is none that fits
   */
  ChampionHolder(ChampionSource source, ChampionNeeds needs) throws IOException {
    this.source = source;
    this.needs = needs;
    current = openNewer(null).orElseThrow();
    checkedAt = System.currentTimeMillis();
    LOG.info("scoring with {} from {}", current, source);
  }

  /** Looks for a newer champion; keeps the old one, and says why, where that fails. */
  void refresh() {
    try {
      Optional<Champion> newer = openNewer(current.revision());
      checkedAt = System.currentTimeMillis();
      if (newer.isEmpty()) return;
      Champion former = current;
      current = newer.get();
      swaps.incrementAndGet();
      LOG.info("{} takes the place of {}", current, former);
      former.release();
    } catch (IOException | RuntimeException e) {
      failures.incrementAndGet();
      LOG.warn("{} stays: {}", current, e.getMessage());
    }
  }

  private Optional<Champion> openNewer(String knownRevision) throws IOException {
    Optional<ChampionFiles> files = source.fetch(knownRevision);
    if (files.isEmpty()) return Optional.empty();
    Champion champion = Champion.open(files.get());
    try {
      needs.check(champion);
      return Optional.of(champion);
    } catch (ChampionException e) {
      champion.release();
      throw e;
    }
  }

  /** The champion, to be released after use. */
  public Champion lease() {
    for (; ; ) {
      Champion champion = current;
      if (champion.retain()) return champion;
      if (champion == current) throw new IllegalStateException("the champions are closed");
    }
  }

  /** How often a newer one took over. */
  public long swaps() {
    return swaps.get();
  }

  /** How often there was none to be had, or an unfit one. */
  public long failures() {
    return failures.get();
  }

  /** Milliseconds since the source last answered. */
  public long millisSinceCheck() {
    return System.currentTimeMillis() - checkedAt;
  }

  void close() {
    current.release();
  }
}
