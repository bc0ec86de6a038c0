package kol.flink.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventParserTest {
  private static final String WHOLE =
      "{\"event_id\":\"e\",\"kol_id\":\"k\",\"type\":\"like\",\"value\":3,\"occurred_at\":\"2026-01-31T12:00:00Z\",\"account\":{\"bio\":\"😀\"}}";

  @Test
  void readsAnEvent() {
    assertEquals(
        new SocialEvent("e", "k", "like", 3, 1_769_860_800_000L, "{\"bio\":\"😀\"}"),
        EventParser.parse(WHOLE));
  }

  @Test
  void countsOneWhereNothingElseIsSaid() {
    SocialEvent event =
        EventParser.parse(WHOLE.replace("\"value\":3,", "").replace("{\"bio\":\"😀\"}", "null"));
    assertEquals(1, event.value());
    assertNull(event.account());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"event_id\":\"e\"|\"event_id\":7|event_id: expected a text, found 7",
        "\"event_id\":\"e\"|\"event_id\":\" \"|event_id: expected a text",
        "\"kol_id\":\"k\",||kol_id: expected a text, found nothing",
        "like|explode|type: expected one of",
        ":3,|:\"3\",|value: expected a number from 0 up, found \"3\"",
        ":3,|:-1,|value: expected a number from 0 up, found -1",
        ":3,|:NaN,|expected JSON",
        ":3,|:null,|value: expected a number from 0 up, found null",
        "2026-01-31T12:00:00Z|yesterday|occurred_at: expected a moment such as",
        "2026-01-31T12:00:00Z|+999999999-01-01T00:00:00Z|occurred_at: expected a moment such as",
        "{\"bio\":\"😀\"}|[]|account: expected an object",
        "😀\"}}|😀|expected JSON",
        "😀\"}}|😀\"}} {}|expected JSON",
      })
  void saysWhatIsNoEvent(String part, String instead, String reason) {
    String text = WHOLE.replace(part, instead == null ? "" : instead);
    String message =
        assertThrows(IllegalArgumentException.class, () -> EventParser.parse(text)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void saysWhatIsNoMessage() {
    for (String text : new String[] {null, "", "[]", "7", "\"text\"", "\0\uFFFD"}) {
      assertThrows(IllegalArgumentException.class, () -> EventParser.parse(text));
    }
  }
}
