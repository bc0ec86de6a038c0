package kol.flink.champion;

import java.io.IOException;
import java.net.URI;

/** An answer other than 200. */
final class HttpRefusal extends IOException {
  private static final long serialVersionUID = 1L;
  private final int status;

  HttpRefusal(URI address, int status, String body) {
    super(address + " answered " + status + ": " + body);
    this.status = status;
  }

  int status() {
    return status;
  }
}
