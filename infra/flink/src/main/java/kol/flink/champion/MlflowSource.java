package kol.flink.champion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A registered model in MLflow by alias: alias → version → source → files, through the server's
 * artifact proxy.
 *
 * @param tracking address of the server, without a slash at its end
 */
public record MlflowSource(String tracking, String name, String alias) implements ChampionSource {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ADDRESS = Pattern.compile("models:/([^@/:]+)@([\\w-]+)");
  private static final Pattern PROXIED = Pattern.compile("mlflow-artifacts:(?://([^/]+))?/+(.*)");

  static MlflowSource of(String address, String trackingUri) {
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches()) {
      throw new IllegalArgumentException("champion=" + address + " must be models:/NAME@ALIAS");
    }
    if (trackingUri == null || trackingUri.isBlank()) {
      throw new IllegalArgumentException(
          "champion=" + address + " needs the address of MLflow: set mlflow");
    }
    return new MlflowSource(trackingUri.replaceAll("/+$", ""), parts.group(1), parts.group(2));
  }

  @Override
  public Optional<ChampionFiles> fetch(String knownRevision) throws IOException {
    JsonNode version =
        call("registered-models/alias?name=" + encoded(name) + "&alias=" + encoded(alias))
            .path("model_version");
    String source = version.path("source").asText();
    String revision = version.path("version").asText() + " " + source;
    if (revision.equals(knownRevision)) return Optional.empty();
    String folder = proxied(absolute(source));
    return Optional.of(
        new ChampionFiles(
            revision,
            version.path("version").asText(),
            HttpFile.get(URI.create(folder + CARD)),
            HttpFile.get(URI.create(folder + GRAPH))));
  }

  /** A source as an address of artifacts: versions may name a run or a logged model instead. */
  private String absolute(String source) throws IOException {
    if (source.startsWith("models:/m-")) {
      String id = source.substring("models:/".length());
      return call("logged-models/" + encoded(id)).at("/model/info/artifact_uri").asText();
    }
    if (source.startsWith("runs:/")) {
      String[] parts = source.substring("runs:/".length()).split("/", 2);
      String root =
          call("runs/get?run_id=" + encoded(parts[0])).at("/run/info/artifact_uri").asText();
      return parts.length == 1 ? root : root + "/" + parts[1];
    }
    return source;
  }

  private String proxied(String artifacts) throws ChampionException {
    Matcher parts = PROXIED.matcher(artifacts);
    if (!parts.matches()) {
      throw new ChampionException(
          "models:/%s@%s lies at %s, which the server does not hand out; serve artifacts through MLflow (--serve-artifacts)"
              .formatted(name, alias, artifacts));
    }
    URI server = URI.create(tracking);
    String host =
        parts.group(1) == null
            ? tracking
            : server.getScheme() + "://" + parts.group(1) + server.getPath();
    String path =
        Arrays.stream(parts.group(2).split("/"))
            .map(MlflowSource::encoded)
            .collect(Collectors.joining("/"));
    return host + "/api/2.0/mlflow-artifacts/artifacts/" + path + "/";
  }

  private JsonNode call(String request) throws IOException {
    return JSON.readTree(HttpFile.get(URI.create(tracking + "/api/2.0/mlflow/" + request)));
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
