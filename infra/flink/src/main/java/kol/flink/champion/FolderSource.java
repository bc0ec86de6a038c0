package kol.flink.champion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder with model.onnx and model.json. The card is read before and after the graph, so that a
 * release that is being replaced is not read half and half.
 */
public record FolderSource(Path folder) implements ChampionSource {
  @Override
  public Optional<ChampionFiles> fetch(String knownRevision) throws IOException {
    try {
      byte[] card = Files.readAllBytes(folder.resolve(CARD));
      String revision = Sha256.hex(card);
      if (revision.equals(knownRevision)) return Optional.empty();
      byte[] graph = Files.readAllBytes(folder.resolve(GRAPH));
      if (!revision.equals(Sha256.hex(Files.readAllBytes(folder.resolve(CARD))))) {
        throw new ChampionException(folder + " was replaced while it was read");
      }
      return Optional.of(new ChampionFiles(revision, revision.substring(0, 12), card, graph));
    } catch (NoSuchFileException e) {
      throw new ChampionException(
          e.getFile() + " is not there; a release has " + GRAPH + " and " + CARD, e);
    }
  }
}
