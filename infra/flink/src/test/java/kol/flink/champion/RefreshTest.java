package kol.flink.champion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import kol.flink.Fixtures;
import kol.flink.scoring.Outcome;
import kol.flink.scoring.Scorer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Champions change while rows are scored. */
class RefreshTest {
  private static final int SWAPS = 30;
  private static final List<String> OUTPUTS =
      List.of("trust_probability", "untrustworthy_probability");

  @TempDir Path scratch;

  @Test
  void everyRowIsScoredByOneVersionWhileChampionsChange() throws Exception {
    List<Object[]> rows = Fixtures.rows("kol-trust");
    ChampionNeeds needs = new ChampionNeeds(Fixtures.inputs("kol-trust"), OUTPUTS);
    Map<String, Outcome[]> expected =
        Map.of(
            version("kol-trust"),
            answers("kol-trust", needs, rows),
            version("kol-trust-2"),
            answers("kol-trust-2", needs, rows));
    ReleaseFolder folder = new ReleaseFolder(scratch);
    folder.release("kol-trust");

    SharedChampions champions =
        SharedChampions.acquire(new ChampionSettings(folder.address(), null, 5), needs);
    AtomicBoolean isOver = new AtomicBoolean();
    Set<String> versions = ConcurrentHashMap.newKeySet();
    ExecutorService load = Executors.newFixedThreadPool(2);
    List<Future<Long>> scored = new ArrayList<>();
    try {
      for (int t = 0; t < 2; t++) {
        Scorer scorer = new Scorer(champions.holder(), needs, rows.size());
        Callable<Long> work =
            () -> {
              long n = 0;
              while (!isOver.get()) {
                versions.add(requireOneVersion(scorer.score(rows), expected));
                n += rows.size();
              }
              return n;
            };
        scored.add(load.submit(work));
      }
      for (int i = 1; i <= SWAPS; i++) {
        folder.release(i % 2 == 0 ? "kol-trust" : "kol-trust-2");
        waitForSwaps(champions.holder(), i, scored);
      }
    } finally {
      isOver.set(true);
      load.shutdown();
    }
    long total = 0;
    for (Future<Long> each : scored) total += each.get();
    champions.release();
    System.out.printf(
        "refresh: %d champions in turn, %d rows, each by one version, none failed%n", SWAPS, total);
    assertEquals(expected.keySet(), versions);
    assertTrue(total > rows.size() * 2L);
  }

  @Test
  void theLastGoodChampionStaysUntilABetterComes() throws Exception {
    ChampionNeeds needs = new ChampionNeeds(Fixtures.inputs("kol-trust"), OUTPUTS);
    List<Object[]> rows = Fixtures.rows("kol-trust").subList(0, 3);
    ReleaseFolder folder = new ReleaseFolder(scratch);
    folder.release("kol-trust");
    ChampionHolder holder = new ChampionHolder(new FolderSource(scratch), needs);
    Scorer scorer = new Scorer(holder, needs, 3);
    byte[] card = folder.read("model.json");

    List<Callable<Void>> accidents =
        List.of(
            () -> write(folder, "model.json", "{"),
            () -> write(folder, "model.json", new String(card, StandardCharsets.UTF_8) + " "),
            () -> release(folder, "kol-success"),
            () -> write(folder, "model.onnx", ""));
    for (Callable<Void> accident : accidents) {
      // A graph of another release lies beside the card, so that the second accident is one.
      folder.release("kol-trust");
      folder.write("model.onnx", Fixtures.JSON.writeValueAsBytes("no graph"));
      accident.call();
      long failures = holder.failures();
      holder.refresh();
      assertEquals(version("kol-trust"), versionOf(scorer.score(rows)[0]));
      if (!java.util.Arrays.equals(card, folder.read("model.json"))) {
        assertEquals(failures + 1, holder.failures());
      }
    }
    folder.release("kol-trust-2");
    holder.refresh();
    assertEquals(version("kol-trust-2"), versionOf(scorer.score(rows)[0]));
    assertEquals(1, holder.swaps());
    holder.close();
  }

  private static Void write(ReleaseFolder folder, String file, String text) throws IOException {
    folder.write(file, text.getBytes(StandardCharsets.UTF_8));
    return null;
  }

  private static Void release(ReleaseFolder folder, String champion) throws IOException {
    folder.release(champion);
    return null;
  }

  private static String version(String champion) throws IOException {
    return new FolderSource(Fixtures.champion(champion)).fetch(null).orElseThrow().version();
  }

  private static Outcome[] answers(String champion, ChampionNeeds needs, List<Object[]> rows)
      throws IOException {
    ChampionHolder holder =
        new ChampionHolder(new FolderSource(Fixtures.champion(champion)), needs);
    Outcome[] answers = new Scorer(holder, needs, rows.size()).score(rows);
    holder.close();
    return answers;
  }

  private static String versionOf(Outcome outcome) {
    return ((Outcome.Score) outcome).version();
  }

  private static String requireOneVersion(Outcome[] outcomes, Map<String, Outcome[]> expected) {
    Set<String> versions =
        java.util.Arrays.stream(outcomes).map(RefreshTest::versionOf).collect(Collectors.toSet());
    assertEquals(1, versions.size(), versions.toString());
    String version = versions.iterator().next();
    for (int i = 0; i < outcomes.length; i++) {
      float[] wanted = ((Outcome.Score) expected.get(version)[i]).values();
      float[] found = ((Outcome.Score) outcomes[i]).values();
      for (int v = 0; v < wanted.length; v++) assertEquals(wanted[v], found[v], 0f, "row " + i);
    }
    return version;
  }

  private static void waitForSwaps(ChampionHolder holder, int wanted, List<Future<Long>> load)
      throws InterruptedException, ExecutionException {
    while (holder.swaps() < wanted) {
      for (Future<Long> each : load) if (each.isDone()) each.get();
      Thread.sleep(1);
    }
  }
}
