package kol.flink.champion;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import kol.flink.text.Sanitizer;

/** Raw values as graphs take them: numbers and booleans as numbers, moments as days since 1970. */
final class RawValue {
  private static final double MILLIS_PER_DAY = 86_400_000;
  private static final int SHOWN = 40;

  private RawValue() {}

  /** A float32; NaN where there is none. */
  static float number(String column, Object value) throws UnusableRowException {
    if (value == null) return Float.NaN;
    // By way of double, so that a long is rounded as in JavaScript.
    if (value instanceof Number number) return (float) number.doubleValue();
    if (value instanceof Boolean flag) return flag ? 1 : 0;
    if (value instanceof Instant moment) return (float) (moment.toEpochMilli() / MILLIS_PER_DAY);
    if (value instanceof LocalDateTime moment) {
      return (float) (moment.toInstant(ZoneOffset.UTC).toEpochMilli() / MILLIS_PER_DAY);
    }
    if (value instanceof LocalDate day) return day.toEpochDay();
    throw unusable(column, "a number", value);
  }

  /** An int64, which cannot be missing. */
  static long wholeNumber(String column, Object value) throws UnusableRowException {
    if (value instanceof LocalDate day) return day.toEpochDay();
    if (value instanceof Number number && number.doubleValue() == Math.rint(number.doubleValue())) {
      return number.longValue();
    }
    throw unusable(column, "a whole number", value);
  }

  /** A sanitised text; "" where there is none. */
  static String text(String column, Object value) throws UnusableRowException {
    if (value == null || value instanceof String) return Sanitizer.sanitize((String) value);
    throw unusable(column, "a text", value);
  }

  private static UnusableRowException unusable(String column, String expected, Object value) {
    String shown = String.valueOf(value);
    if (shown.length() > SHOWN) shown = shown.substring(0, SHOWN) + "…";
    return new UnusableRowException(
        "column %s: expected %s, found %s"
            .formatted(column, expected, value instanceof String ? '"' + shown + '"' : shown));
  }
}
