package kol.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of this process. */
public final class ProcessMemory {
  private ProcessMemory() {}

  /** Resident bytes. */
  public static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
    throw new IOException("/proc/self/status has no VmRSS");
  }

  /** Copies of ONNX Runtime that are mapped. */
  public static long mappedRuntimes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains("libonnxruntime.so"))
        .map(line -> line.substring(line.indexOf('/')))
        .distinct()
        .count();
  }
}
