package kol.flink.job;

/**
 * Something that happened around a KOL on a platform.
 *
 * @param eventId the same for every delivery of one event
 * @param type view, like, comment, share or follow
 * @param value how many at once
 * @param occurredAt milliseconds since 1970
 * @param account the KOL's account as it was seen, raw columns as a JSON object; null where unseen
 */
public record SocialEvent(
    String eventId, String kolId, String type, double value, long occurredAt, String account) {}
