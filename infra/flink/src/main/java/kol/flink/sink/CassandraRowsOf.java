package kol.flink.sink;

import java.io.Serializable;
import java.util.List;

/**
 * What an element of a stream means in Cassandra.
 *
 * @param <T> elements
 */
@FunctionalInterface
public interface CassandraRowsOf<T> extends Serializable {
  /** Its writes. */
  List<CassandraWrite> writes(T element);
}
