package kol.flink.champion;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where the champion of the hour lies. */
public interface ChampionSource {
  /** The graph, by the name that every release gives it. */
  String GRAPH = "model.onnx";

  /** The card beside it. */
  String CARD = "model.json";

  /**
   * The release that lies there now, or nothing where it is still the known one.
   *
   * @param knownRevision revision of the release that was fetched before; null at first
   * @throws IOException when the place cannot be reached or lacks a file
   */
  Optional<ChampionFiles> fetch(String knownRevision) throws IOException;

  /**
   * The source that an address names: {@code models:/NAME@ALIAS} in MLflow, {@code http(s)://…} or
   * a folder (a path, or {@code file:…}).
   *
   * @param trackingUri address of MLflow; null where the champion lies elsewhere
   */
  static ChampionSource of(String address, String trackingUri) {
    if (address.startsWith("models:/")) return MlflowSource.of(address, trackingUri);
    if (address.startsWith("http://") || address.startsWith("https://")) {
      return new HttpSource(URI.create(address.endsWith("/") ? address : address + "/"));
    }
    return new FolderSource(
        address.startsWith("file:") ? Path.of(URI.create(address)) : Path.of(address));
  }
}
