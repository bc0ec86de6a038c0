package kol.flink.job;

/**
 * A message as Kafka hands it out.
 *
 * @param source topic, partition and offset
 * @param text the value; null for a tombstone
 */
public record RawMessage(String source, String text) {}
