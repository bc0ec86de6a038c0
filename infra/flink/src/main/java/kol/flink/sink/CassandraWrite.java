package kol.flink.sink;

/**
 * A statement and its values, which must be safe to repeat.
 *
 * @param values for the statement's question marks, in their order
 */
public record CassandraWrite(String statement, Object... values) {}
