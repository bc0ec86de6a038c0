package kol.flink.champion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import kol.flink.Fixtures;
import org.junit.jupiter.api.Test;

/** Against the real MLflow. */
class MlflowSourceTest {
  private final String tracking = Fixtures.setting("kol.mlflow");
  private final MlflowModel model = new MlflowModel(tracking, "flink-trust-" + System.nanoTime());

  @Test
  void followsTheAliasFromVersionToVersion() throws Exception {
    model.register("kol-trust", MlflowModel.Source.RUN_ARTIFACTS);
    model.register("kol-trust-2", MlflowModel.Source.RUN);
    model.register("kol-trust", MlflowModel.Source.LOGGED_MODEL);
    model.promote("1");
    ChampionSource source =
        ChampionSource.of("models:/" + model.name() + "@champion", tracking + "/");

    ChampionNeeds needs = new ChampionNeeds(Fixtures.inputs("kol-trust"), List.of("trust_score"));
    ChampionHolder holder = new ChampionHolder(source, needs);
    assertEquals("1", versionOf(holder));
    holder.refresh();
    assertEquals(0, holder.swaps());
    for (String version : List.of("2", "3", "1")) {
      model.promote(version);
      holder.refresh();
      assertEquals(version, versionOf(holder));
    }
    model.removeAlias();
    holder.refresh();
    assertEquals("1", versionOf(holder));
    assertEquals(1, holder.failures());
    holder.close();
  }

  @Test
  void bringsTheFilesAsTheyAre() throws Exception {
    model.register("kol-trust-2", MlflowModel.Source.RUN_ARTIFACTS);
    model.promote("1");
    ChampionFiles files =
        ChampionSource.of("models:/" + model.name() + "@champion", tracking)
            .fetch(null)
            .orElseThrow();
    assertArrayEquals(
        Files.readAllBytes(Fixtures.champion("kol-trust-2").resolve("model.onnx")), files.graph());
    assertEquals("1", files.version());
  }

  @Test
  void saysWhatIsNotThere() {
    String message =
        assertThrows(
                IOException.class,
                () -> ChampionSource.of("models:/flink-none@champion", tracking).fetch(null))
            .getMessage();
    assertTrue(message.contains("RESOURCE_DOES_NOT_EXIST"), message);
    String unreachable =
        assertThrows(
                IOException.class,
                () -> ChampionSource.of("models:/a@b", "http://127.0.0.1:9").fetch(null))
            .getMessage();
    assertTrue(unreachable.contains("does not answer"), unreachable);
    assertThrows(IllegalArgumentException.class, () -> ChampionSource.of("models:/a/3", tracking));
    assertThrows(IllegalArgumentException.class, () -> ChampionSource.of("models:/a@b", null));
  }

  private static String versionOf(ChampionHolder holder) {
    Champion champion = holder.lease();
    champion.release();
    return champion.version();
  }
}
