package kol.flink.champion;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** A release on a web server or an object store: the folder's address, which ends with a slash. */
public record HttpSource(URI folder) implements ChampionSource {
  @Override
  public Optional<ChampionFiles> fetch(String knownRevision) throws IOException {
    byte[] card = HttpFile.get(folder.resolve(CARD));
    String revision = Sha256.hex(card);
    if (revision.equals(knownRevision)) return Optional.empty();
    byte[] graph = HttpFile.get(folder.resolve(GRAPH));
    return Optional.of(new ChampionFiles(revision, revision.substring(0, 12), card, graph));
  }
}
