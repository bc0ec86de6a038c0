package kol.flink.champion;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import kol.flink.Fixtures;
import kol.flink.ProcessMemory;
import kol.flink.scoring.Scorer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Sessions lie outside the heap, where no collector finds those that were forgotten. */
@EnabledOnOs(OS.LINUX)
class NativeMemoryTest {
  private static final int ROUNDS = 150;

  /** A forgotten session of this champion takes some 5 MB. */
  private static final long ALLOWED = 100L << 20;

  private final ChampionNeeds needs =
      new ChampionNeeds(Fixtures.inputs("kol-trust"), List.of("trust_score"));
  private final ChampionSettings settings =
      new ChampionSettings(Fixtures.champion("kol-trust").toString(), null, 60_000);
  private final List<Object[]> rows = Fixtures.rows("kol-trust");

  NativeMemoryTest() throws IOException {}

  @Test
  void staysFlatOverManyStarts() throws IOException {
    for (int i = 0; i < 30; i++) startScoreStop();
    long before = ProcessMemory.resident();
    for (int i = 0; i < ROUNDS; i++) startScoreStop();
    long growth = ProcessMemory.resident() - before;
    System.out.printf(
        "memory: %d MB after 30 starts, %+d MB after %d more%n",
        before >> 20, growth >> 20, ROUNDS);
    assertTrue(growth < ALLOWED, "grew by " + (growth >> 20) + " MB");
  }

  private void startScoreStop() throws IOException {
    SharedChampions champions = SharedChampions.acquire(settings, needs);
    new Scorer(champions.holder(), needs, rows.size()).score(rows);
    champions.release();
  }
}
