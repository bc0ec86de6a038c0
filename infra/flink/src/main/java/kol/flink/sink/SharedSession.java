package kol.flink.sink;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One session for all writers of a task manager that write to the same cluster: a session is made
 * to be shared, and costs seconds and threads. It is closed with the last of them.
 */
final class SharedSession {
  private static final Map<String, SharedSession> SHARED = new HashMap<>();

  private final String key;
  private final CqlSession session;
  private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();
  private int users;

  private SharedSession(String key, String address, String datacenter) {
    this.key = key;
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
                    .withDuration(
                        DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(10))
                    .withBoolean(DefaultDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, true)
                    .withInt(DefaultDriverOption.NETTY_IO_SIZE, 1)
                    .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1)
                    .build())
            .withClassLoader(SharedSession.class.getClassLoader())
            .build();
  }

  /**
   * Joins the users of a session; the first one opens it.
   *
   * @param address HOST:PORT
   */
  static SharedSession acquire(String address, String datacenter) {
    String key = address + " " + datacenter;
    synchronized (SHARED) {
      SharedSession shared = SHARED.get(key);
      if (shared == null) {
        shared = new SharedSession(key, address, datacenter);
        SHARED.put(key, shared);
      }
      shared.users++;
      return shared;
    }
  }

  CqlSession session() {
    return session;
  }

  PreparedStatement prepared(String statement) {
    return prepared.computeIfAbsent(statement, session::prepare);
  }

  /** Leaves; to be called once. */
  void release() {
    synchronized (SHARED) {
      if (--users > 0) return;
      SHARED.remove(key);
    }
    session.close();
  }
}
