package kol.flink.job;

/** A window and what the champion of that moment says of the KOL's account. */
public record ScoredWindow(
    WindowedMetrics metrics, double trustProbability, double trustScore, String modelVersion) {}
