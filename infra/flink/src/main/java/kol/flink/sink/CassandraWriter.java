package kol.flink.sink;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.connector.sink2.SinkWriter;

/** A session, and the writes that it still owes an answer for. */
final class CassandraWriter<T> implements SinkWriter<T> {
  private static final int OPEN_WRITES = 256;

  private final CassandraRowsOf<T> rows;
  private final CqlSession session;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final Semaphore room = new Semaphore(OPEN_WRITES);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  CassandraWriter(String address, String datacenter, CassandraRowsOf<T> rows) {
    this.rows = rows;
    int colon = address.lastIndexOf(':');
    session =
        CqlSession.builder()
            .addContactPoint(
                InetSocketAddress.createUnresolved(
                    address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))))
            .withLocalDatacenter(datacenter)
            .withConfigLoader(
                DriverConfigLoader.programmaticBuilder()
                    .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(10))
                    .withBoolean(DefaultDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, true)
                    .withInt(DefaultDriverOption.NETTY_IO_SIZE, 1)
                    .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1)
                    .build())
            .withClassLoader(CassandraWriter.class.getClassLoader())
            .build();
  }

  @Override
  public void write(T element, Context context) throws IOException, InterruptedException {
    for (CassandraWrite write : rows.writes(element)) {
      throwFailure();
      PreparedStatement statement = prepared.computeIfAbsent(write.statement(), session::prepare);
      room.acquire();
      session
          .executeAsync(statement.bind(write.values()))
          .whenComplete(
              (result, error) -> {
                if (error != null) failure.compareAndSet(null, error);
                room.release();
              });
    }
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    room.acquire(OPEN_WRITES);
    room.release(OPEN_WRITES);
    throwFailure();
  }

  private void throwFailure() throws IOException {
    Throwable error = failure.get();
    if (error != null) throw new IOException("Cassandra did not take a write", error);
  }

  @Override
  public void close() {
    session.close();
  }
}
