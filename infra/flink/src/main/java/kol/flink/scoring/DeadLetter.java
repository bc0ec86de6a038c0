package kol.flink.scoring;

/**
 * A row that could not be used.
 *
 * @param source where it came from
 * @param reason what was expected and what was found
 * @param payload the row itself
 */
public record DeadLetter(String source, String reason, String payload) {}
