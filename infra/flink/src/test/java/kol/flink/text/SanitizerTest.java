package kol.flink.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import kol.flink.Fixtures;
import org.junit.jupiter.api.Test;

class SanitizerTest {
  @Test
  void givesWhatTypeScriptAndPythonGive() throws IOException {
    JsonNode pairs =
        Fixtures.JSON.readTree(Fixtures.repositoryFile("test/golden/sanitize-text.json").toFile());
    assertTrue(pairs.size() > 60, "the golden file holds " + pairs.size() + " texts");
    for (JsonNode pair : pairs) {
      assertEquals(
          pair.get(1).textValue(), Sanitizer.sanitize(pair.get(0).textValue()), pair.toString());
    }
    System.out.println("sanitiser: " + pairs.size() + " golden texts alike");
  }

  @Test
  void changesNothingTheSecondTime() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      String once = Sanitizer.sanitize(Character.toString(codePoint) + "\u0301");
      assertEquals(once, Sanitizer.sanitize(once));
      assertTrue(once.chars().noneMatch(unit -> unit == 0 || Character.isSurrogate((char) unit)));
    }
  }
}
