package kol.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What infra/flink/test.js laid out for the suites. */
public final class Fixtures {
  /** Reads what it wrote. */
  public static final ObjectMapper JSON = new ObjectMapper();

  private Fixtures() {}

  /** A folder with model.onnx, model.json and contract.jsonl. */
  public static Path champion(String name) {
    return Path.of(setting("kol.champions"), name);
  }

  /** Every such folder. */
  public static List<Path> champions() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of(setting("kol.champions")))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("contract.jsonl")))
          .sorted()
          .toList();
    }
  }

  /** A file of the repository. */
  public static Path repositoryFile(String path) {
    return Path.of(setting("kol.repository"), path);
  }

  /** The names of a champion's inputs, in the card's order. */
  public static List<String> inputs(String champion) throws IOException {
    JsonNode card = JSON.readTree(champion(champion).resolve("model.json").toFile());
    return StreamSupport.stream(card.path("inputs").spliterator(), false)
        .map(input -> input.path("name").asText())
        .toList();
  }

  /** Rows of a champion's golden batches, values in the order of {@link #inputs}. */
  public static List<Object[]> rows(String champion) throws IOException {
    List<String> inputs = inputs(champion);
    List<Object[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(champion(champion).resolve("contract.jsonl"))) {
      rows.addAll(rows(JSON.readTree(line).path("inputs"), inputs));
    }
    return rows;
  }

  /** Rows of columns. */
  public static List<Object[]> rows(JsonNode columns, List<String> names) {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < columns.path(names.get(0)).size(); i++) {
      int row = i;
      rows.add(names.stream().map(name -> plain(columns.path(name).get(row))).toArray());
    }
    return rows;
  }

  private static Object plain(JsonNode value) {
    if (value.isNull()) return null;
    if (value.isNumber()) return value.doubleValue();
    if (value.isArray()) {
      List<Object> values = new ArrayList<>();
      value.forEach(each -> values.add(number(each)));
      return values;
    }
    return isInfinity(value.textValue()) ? number(value) : value.textValue();
  }

  private static boolean isInfinity(String text) {
    return text.equals("Infinity") || text.equals("-Infinity");
  }

  /** A number of a golden batch: null is a missing one, a word an infinity. */
  public static double number(JsonNode value) {
    if (value.isNull()) return Double.NaN;
    return value.isTextual() ? Double.parseDouble(value.textValue()) : value.doubleValue();
  }

  /** What the suites are told by test.js. */
  public static String setting(String name) {
    String value = System.getProperty(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException(name + " is not set: run make test-flink");
    }
    return value;
  }
}
