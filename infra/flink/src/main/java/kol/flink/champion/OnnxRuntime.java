package kol.flink.champion;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.util.concurrent.CompletableFuture;

/**
 * The runtime's environment, of which a process has one.
 *
 * <p>It is made on a thread with a large stack: from 1.29 on, the runtime matches the command line
 * of the process against regular expressions for its telemetry, by a recursion per character. On
 * Java's usual stack of 1 MB, some 4,000 characters (a class path) end the JVM without a word.
 * {@code ORT_DISABLE_TELEMETRY=1} in the environment of the process avoids it as well.
 */
final class OnnxRuntime {
  /** Enough for the longest argument that Linux takes. */
  private static final long STACK_BYTES = 64L << 20;

  private static OrtEnvironment environment;

  private OnnxRuntime() {}

  // Not in the class's initialiser: the thread, which belongs to the class, would wait for it.
  static synchronized OrtEnvironment environment() {
    if (environment == null) environment = start();
    return environment;
  }

  private static OrtEnvironment start() {
    CompletableFuture<OrtEnvironment> made = new CompletableFuture<>();
    Runnable start =
        () -> {
          try {
            made.complete(
                OrtEnvironment.getEnvironment(
                    OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "kol-flink"));
          } catch (Throwable e) {
            made.completeExceptionally(e);
          }
        };
    new Thread(null, start, "onnxruntime-start", STACK_BYTES).start();
    return made.join();
  }
}
