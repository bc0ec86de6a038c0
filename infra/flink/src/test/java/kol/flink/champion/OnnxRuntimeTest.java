package kol.flink.champion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process with a command line as long as Flink's, or longer. */
class OnnxRuntimeTest {
  @Test
  void startsUnderALongCommandLine() throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                Start.class.getName(),
                "x".repeat(20_000)));
    java.environment().put("CLASSPATH", classPath());
    java.environment().remove("ORT_DISABLE_TELEMETRY");
    assertEquals(0, java.inheritIO().start().waitFor());
  }

  /** Surefire's own, which lies in a file. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Makes the environment, and no more. */
  static final class Start {
    private Start() {}

    public static void main(String[] arguments) {
      OnnxRuntime.environment();
    }
  }
}
