package kol.flink.text;

import java.text.Normalizer;
import java.util.Locale;

/**
 * The one form in which every text enters a champion, as in TypeScript and Python: null becomes "",
 * NFC, lower case, no NUL; lone surrogates become U+FFFD, and so do code points beyond the BMP,
 * except emoji (U+1F000 to U+1FAFF), which move to the private use area from U+E000.
 *
 * <p>ONNX Runtime for Java needs it: a null ends the JVM, and strings cross the border as modified
 * UTF-8, which operators refuse or misread beyond the BMP.
 */
public final class Sanitizer {
  private static final int REPLACEMENT = 0xFFFD;
  private static final int FIRST_EMOJI = 0x1F000;
  private static final int LAST_EMOJI = 0x1FAFF;
  private static final int PRIVATE_USE = 0xE000;

  private Sanitizer() {}

  /** The text as champions read it; never null. */
  public static String sanitize(String text) {
    if (text == null || text.isEmpty()) return "";
    // NUL goes first: taken out later, it could leave a letter beside an accent that NFC has to
    // join.
    String whole = text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    // Lone surrogates go before lower-casing, as in JavaScript's toWellFormed().
    String wellFormed = mapCodePoints(whole, Sanitizer::wellFormed);
    String plain = Normalizer.normalize(wellFormed.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    return mapCodePoints(plain, Sanitizer::withinBmp);
  }

  private static String mapCodePoints(String text, java.util.function.IntUnaryOperator map) {
    if (text.chars().noneMatch(unit -> Character.isSurrogate((char) unit))) return text;
    StringBuilder mapped = new StringBuilder(text.length());
    text.codePoints().map(map).forEach(mapped::appendCodePoint);
    return mapped.toString();
  }

  private static int wellFormed(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
        ? REPLACEMENT
        : codePoint;
  }

  private static int withinBmp(int codePoint) {
    if (!Character.isSupplementaryCodePoint(codePoint)) return codePoint;
    return codePoint >= FIRST_EMOJI && codePoint <= LAST_EMOJI
        ? PRIVATE_USE + codePoint - FIRST_EMOJI
        : REPLACEMENT;
  }
}
