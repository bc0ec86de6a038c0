package kol.flink.job;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import kol.flink.Fixtures;

/** The tables of kol_metrics in the real Cassandra. */
final class CassandraTables implements AutoCloseable {
  private final CqlSession session;

  /** Makes the tables that are not there. */
  CassandraTables() throws IOException {
    String[] address = Fixtures.setting("kol.cassandra").split(":");
    session =
        CqlSession.builder()
            .addContactPoint(new InetSocketAddress(address[0], Integer.parseInt(address[1])))
            .withLocalDatacenter("datacenter1")
            .build();
    String schema = Files.readString(Fixtures.repositoryFile("infra/cassandra/schema.cql"));
    for (String statement : schema.replaceAll("--.*", "").split(";")) {
      if (!statement.isBlank()) session.execute(statement);
    }
  }

  List<Row> all(String query, Object... values) {
    return session.execute(query, values).all();
  }

  @Override
  public void close() {
    session.close();
  }
}
