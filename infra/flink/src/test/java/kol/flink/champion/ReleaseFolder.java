package kol.flink.champion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kol.flink.Fixtures;

/** A folder into which tests release. */
public final class ReleaseFolder {
  private final Path folder;

  /** An existing folder. */
  public ReleaseFolder(Path folder) {
    this.folder = folder;
  }

  /** Replaces what lies there by one of the sample champions, graph first. */
  public void release(String champion) throws IOException {
    for (String file : new String[] {ChampionSource.GRAPH, ChampionSource.CARD}) {
      write(file, Files.readAllBytes(Fixtures.champion(champion).resolve(file)));
    }
  }

  /** Replaces a file at once. */
  public void write(String file, byte[] content) throws IOException {
    Path scratch = Files.write(folder.resolve(file + ".new"), content);
    Files.move(
        scratch,
        folder.resolve(file),
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /** What lies there. */
  public byte[] read(String file) throws IOException {
    return Files.readAllBytes(folder.resolve(file));
  }

  /** Its address. */
  public String address() {
    return folder.toString();
  }
}
