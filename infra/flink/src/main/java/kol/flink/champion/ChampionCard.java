package kol.flink.champion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of model.json a consumer must know.
 *
 * @param inputs types of the raw columns by name: number, boolean, timestamp, string
 * @param graphHash SHA-256 of model.onnx
 */
record ChampionCard(String name, Map<String, String> inputs, String graphHash) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The card that some bytes hold.
   *
   * @throws ChampionException where they are no card of a known format
   */
  static ChampionCard read(byte[] bytes) throws ChampionException {
    JsonNode card;
    try {
      card = JSON.readTree(bytes);
    } catch (IOException e) {
      throw new ChampionException(
          "model.json is no JSON; it is cut short or something else: " + e.getMessage(), e);
    }
    String hash = card.at("/sha256/model.onnx").asText();
    if (card.path("format").asInt() != 1 || hash.isEmpty()) {
      throw new ChampionException(
          "model.json: expected format 1 with sha256.model.onnx, found format "
              + card.path("format").asText("none"));
    }
    Map<String, String> inputs = new TreeMap<>();
    for (JsonNode input : card.path("inputs")) {
      inputs.put(input.path("name").asText(), input.path("type").asText());
    }
    return new ChampionCard(card.path("name").asText(), inputs, hash);
  }
}
