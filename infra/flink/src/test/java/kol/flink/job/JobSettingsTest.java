package kol.flink.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobSettingsTest {
  @Test
  void hasDefaultsForAllButBrokersAndChampion() throws IOException {
    JobSettings settings =
        JobSettings.of(new String[] {"--brokers", "a:1", "--champion", "/models/trust"});
    assertEquals("events.social.raw", settings.events());
    assertEquals(Duration.ofSeconds(60), settings.window());
    assertEquals(16, settings.columns().size());
    assertNull(settings.cassandra());
    assertThrows(RuntimeException.class, () -> JobSettings.of(new String[] {"--brokers", "a:1"}));
  }

  @Test
  void letsArgumentsWinOverTheFile(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.properties"),
            "brokers=a:1\nchampion=models:/kol-trust@champion\nmlflow=http://m\nwindow-seconds=5\n");
    JobSettings settings =
        JobSettings.of(new String[] {"--properties", file.toString(), "--window-seconds", "0.5"});
    assertEquals("a:1", settings.brokers());
    assertEquals("http://m", settings.champion().mlflow());
    assertEquals(Duration.ofMillis(500), settings.window());
  }

  @Test
  void refusesPausesThatNeverEnd() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            JobSettings.of(
                new String[] {"--brokers", "a:1", "--champion", "x", "--window-seconds", "0"}));
  }
}
