package kol.flink.champion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import kol.flink.Fixtures;

/** A registered model of a test's own. */
final class MlflowModel {
  /** Ways in which a version may say where its files are. */
  enum Source {
    RUN_ARTIFACTS,
    RUN,
    LOGGED_MODEL
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final String tracking;
  private final String name;
  private String experiment;

  MlflowModel(String tracking, String name) {
    this.tracking = tracking.replaceAll("/+$", "");
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Uploads one of the sample champions and makes it the next version. */
  void register(String champion, Source source) throws IOException, InterruptedException {
    if (experiment == null) {
      experiment =
          call("POST", "experiments/create", json().put("name", name))
              .path("experiment_id")
              .asText();
      call("POST", "registered-models/create", json().put("name", name));
    }
    ObjectNode version = json().put("name", name);
    if (source == Source.LOGGED_MODEL) {
      JsonNode model =
          call(
                  "POST",
                  "logged-models",
                  json().put("experiment_id", experiment).put("name", "trust"))
              .at("/model/info");
      upload(champion, model.path("artifact_uri").asText());
      String id = model.path("model_id").asText();
      call(
          "PATCH",
          "logged-models/" + id,
          json().put("model_id", id).put("status", "LOGGED_MODEL_READY"));
      version.put("source", "models:/" + id).put("model_id", id);
    } else {
      JsonNode run =
          call("POST", "runs/create", json().put("experiment_id", experiment)).at("/run/info");
      String folder = run.path("artifact_uri").asText() + "/the model";
      upload(champion, folder);
      String id = run.path("run_id").asText();
      version.put("run_id", id);
      version.put("source", source == Source.RUN ? "runs:/" + id + "/the model" : folder);
    }
    call("POST", "model-versions/create", version);
  }

  void promote(String version) throws IOException, InterruptedException {
    call(
        "POST",
        "registered-models/alias",
        json().put("name", name).put("alias", "champion").put("version", version));
  }

  void removeAlias() throws IOException, InterruptedException {
    call("DELETE", "registered-models/alias", json().put("name", name).put("alias", "champion"));
  }

  private void upload(String champion, String folder) throws IOException, InterruptedException {
    String path = folder.replaceFirst("^mlflow-artifacts:/+", "").replace(" ", "%20");
    for (String file : new String[] {"model.onnx", "model.json"}) {
      byte[] content = Files.readAllBytes(Fixtures.champion(champion).resolve(file));
      send(
          HttpRequest.newBuilder(
                  URI.create(tracking + "/api/2.0/mlflow-artifacts/artifacts/" + path + "/" + file))
              .PUT(BodyPublishers.ofByteArray(content)));
    }
  }

  private JsonNode call(String verb, String path, ObjectNode body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(tracking + "/api/2.0/mlflow/" + path))
            .header("Content-Type", "application/json")
            .method(verb, BodyPublishers.ofString(body.toString())));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          answer.request().uri() + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return Fixtures.JSON.readTree(answer.body());
  }

  private static ObjectNode json() {
    return Fixtures.JSON.createObjectNode();
  }
}
