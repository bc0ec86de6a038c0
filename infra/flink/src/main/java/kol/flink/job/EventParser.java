package kol.flink.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** Texts → events. */
final class EventParser {
  private static final Set<String> TYPES =
      new TreeSet<>(Set.of("view", "like", "comment", "share", "follow"));
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private EventParser() {}

  /**
   * The event that a text holds.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static SocialEvent parse(String text) {
    if (text == null) throw new IllegalArgumentException("expected an event, found a tombstone");
    JsonNode event;
    try {
      event = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected JSON: " + e.getOriginalMessage(), e);
    }
    if (!event.isObject()) throw new IllegalArgumentException("expected a JSON object");
    String type = text(event, "type");
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException("type: expected one of " + TYPES + ", found " + type);
    }
    JsonNode value = event.path("value");
    if (!value.isMissingNode() && !(value.isNumber() && value.asDouble() >= 0)) {
      throw new IllegalArgumentException("value: expected a number from 0 up, found " + value);
    }
    JsonNode account = event.path("account");
    if (!account.isMissingNode() && !account.isNull() && !account.isObject()) {
      throw new IllegalArgumentException("account: expected an object of raw columns");
    }
    return new SocialEvent(
        text(event, "event_id"),
        text(event, "kol_id"),
        type,
        value.asDouble(1),
        moment(text(event, "occurred_at")),
        account.isObject() ? account.toString() : null);
  }

  private static String text(JsonNode event, String name) {
    JsonNode value = event.path(name);
    if (value.isTextual() && !value.textValue().isBlank()) return value.textValue();
    throw new IllegalArgumentException(
        name + ": expected a text, found " + (value.isMissingNode() ? "nothing" : value));
  }

  private static long moment(String text) {
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "occurred_at: expected a moment such as 2026-01-31T12:00:00Z, found " + text, e);
    }
  }
}
