package kol.flink.sink;

import java.io.IOException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes to Cassandra, at least once: a checkpoint waits until everything before it is written, and
 * a write that comes again must change nothing.
 *
 * @param <T> elements of the stream
 */
public final class CassandraSink<T> implements Sink<T> {
  private static final long serialVersionUID = 1L;

  private final String address;
  private final String datacenter;
  private final CassandraRowsOf<T> rows;

  /**
   * A sink.
   *
   * @param address HOST:PORT
   */
  public CassandraSink(String address, String datacenter, CassandraRowsOf<T> rows) {
    this.address = address;
    this.datacenter = datacenter;
    this.rows = rows;
  }

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
    return new CassandraWriter<>(address, datacenter, rows);
  }

  @Deprecated
  @Override
  public SinkWriter<T> createWriter(InitContext context) throws IOException {
    return new CassandraWriter<>(address, datacenter, rows);
  }
}
