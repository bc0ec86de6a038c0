package kol.flink.sink;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.connector.sink2.SinkWriter;

/** A sink's writes on their way, of which it knows how many still lack an answer. */
final class CassandraWriter<T> implements SinkWriter<T> {
  private static final int OPEN_WRITES = 256;

  private final CassandraRowsOf<T> rows;
  private final SharedSession shared;
  private final Semaphore room = new Semaphore(OPEN_WRITES);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  CassandraWriter(String address, String datacenter, CassandraRowsOf<T> rows) {
    this.rows = rows;
    shared = SharedSession.acquire(address, datacenter);
  }

  @Override
  public void write(T element, Context context) throws IOException, InterruptedException {
    for (CassandraWrite write : rows.writes(element)) {
      throwFailure();
      room.acquire();
      shared
          .session()
          .executeAsync(shared.prepared(write.statement()).bind(write.values()))
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
    shared.release();
  }
}
