package kol.flink.champion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import kol.flink.Fixtures;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChampionTest {
  @TempDir Path scratch;
  private ReleaseFolder folder;

  @BeforeEach
  void release() throws IOException {
    folder = new ReleaseFolder(scratch);
    folder.release("kol-trust");
  }

  private Champion open() throws IOException {
    return Champion.open(new FolderSource(scratch).fetch(null).orElseThrow());
  }

  private String refusal() {
    return assertThrows(ChampionException.class, this::open).getMessage();
  }

  private String card() throws IOException {
    return new String(folder.read("model.json"), StandardCharsets.UTF_8);
  }

  private void writeCard(String text) throws IOException {
    folder.write("model.json", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void opensAWholeRelease() throws IOException {
    Champion champion = open();
    assertEquals(
        Fixtures.inputs("kol-trust"), champion.columns().stream().map(RawColumn::name).toList());
    assertTrue(champion.outputs().contains("trust_probability"));
    champion.release();
  }

  @Test
  void refusesAGraphThatIsCutShort() throws IOException {
    byte[] graph = folder.read("model.onnx");
    folder.write("model.onnx", Arrays.copyOf(graph, graph.length / 2));
    assertTrue(refusal().contains("it is cut short, changed or of another release"), refusal());
  }

  @Test
  void refusesAGraphThatWasCutShortBeforeItWasHashed() throws IOException {
    byte[] graph = folder.read("model.onnx");
    byte[] half = Arrays.copyOf(graph, graph.length / 2);
    folder.write("model.onnx", half);
    writeCard(card().replace(Sha256.hex(graph), Sha256.hex(half)));
    assertTrue(refusal().contains("cannot be used"), refusal());
  }

  @Test
  void refusesAnotherHash() throws IOException {
    writeCard(card().replace(Sha256.hex(folder.read("model.onnx")), "0".repeat(64)));
    assertTrue(refusal().contains("model.json says 0000"), refusal());
  }

  @Test
  void refusesACardThatIsCutShort() throws IOException {
    writeCard(card().substring(0, 100));
    assertTrue(refusal().contains("model.json is no JSON"), refusal());
    writeCard("{}");
    assertTrue(refusal().contains("expected format 1"), refusal());
  }

  @Test
  void refusesAGraphWithOtherColumnsThanItsCard() throws IOException {
    String hash = Sha256.hex(folder.read("model.onnx"));
    folder.release("kol-success");
    byte[] graph = folder.read("model.onnx");
    folder.release("kol-trust");
    folder.write("model.onnx", graph);
    writeCard(card().replace(hash, Sha256.hex(graph)));
    assertTrue(refusal().contains("model.json says null"), refusal());
  }

  @Test
  void refusesAColumnOfAnotherType() throws IOException {
    writeCard(
        card()
            .replaceFirst(
                "(\"name\": \"followers_count\",\\s+\"type\": )\"number\"", "$1\"string\""));
    assertTrue(
        refusal().contains("reads followers_count as NUMBER, model.json says string"), refusal());
  }

  @Test
  void namesWhatTheJobLacks() throws IOException {
    Champion champion = open();
    List<String> columns = Fixtures.inputs("kol-trust");
    ChampionNeeds fewer =
        new ChampionNeeds(columns.subList(1, columns.size()), List.of("trust_score"));
    ChampionNeeds other = new ChampionNeeds(columns, List.of("success_score"));
    assertTrue(
        assertThrows(ChampionException.class, () -> fewer.check(champion))
            .getMessage()
            .contains("reads the column followers_count, which the job lacks"));
    assertTrue(
        assertThrows(ChampionException.class, () -> other.check(champion))
            .getMessage()
            .contains("has no output success_score"));
    champion.release();
  }

  @Test
  void namesAFileThatIsNotThere() {
    ChampionSource source = ChampionSource.of(scratch.resolve("nowhere").toString(), null);
    String message = assertThrows(ChampionException.class, () -> source.fetch(null)).getMessage();
    assertTrue(message.contains("model.json is not there"), message);
  }

  @Test
  void isClosedByTheLastOneWhoHeldIt() throws IOException {
    Champion champion = open();
    assertTrue(champion.retain());
    champion.release();
    assertTrue(champion.retain());
    champion.release();
    champion.release();
    assertEquals(false, champion.retain());
  }
}
