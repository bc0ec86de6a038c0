package kol.flink.job;

import kol.flink.scoring.DeadLetter;

/**
 * What a message of Kafka turned out to be: an event, or else a dead letter.
 *
 * @param event null for a dead letter
 * @param deadLetter null for an event
 */
public record Incoming(SocialEvent event, DeadLetter deadLetter) {
  /** When it happened; for a dead letter before everything, so that it moves no clock. */
  long occurredAt() {
    return event == null ? Long.MIN_VALUE : event.occurredAt();
  }
}
