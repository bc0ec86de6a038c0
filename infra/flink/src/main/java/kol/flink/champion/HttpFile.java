package kol.flink.champion;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What lies at an address. The plain connection of the JDK: its newer client keeps threads that
 * hold on to the class loader of a job that has ended.
 */
final class HttpFile {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 30_000;
  private static final int MAX_BYTES = 512 << 20;

  private HttpFile() {}

  /**
   * The body of a 200; MLflow's login is taken from the variables that its own clients read.
   *
   * @throws ChampionException for any other answer, with its status and the beginning of its body
   */
  static byte[] get(URI address) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    String login = login();
    if (login != null) connection.setRequestProperty("Authorization", login);
    int status;
    try {
      status = connection.getResponseCode();
    } catch (IOException e) {
      throw new ChampionException(address + " does not answer: " + e.getMessage(), e);
    }
    if (status != HttpURLConnection.HTTP_OK) {
      throw new HttpRefusal(address, status, beginningOf(connection.getErrorStream()));
    }
    try (InputStream body = connection.getInputStream()) {
      long announced = connection.getContentLengthLong();
      byte[] bytes = body.readNBytes(MAX_BYTES);
      if (announced >= 0 && announced != bytes.length) {
        throw new ChampionException(
            address + " broke off after " + bytes.length + " of " + announced + " bytes");
      }
      return bytes;
    }
  }

  private static String login() {
    String token = System.getenv("MLFLOW_TRACKING_TOKEN");
    if (token != null) return "Bearer " + token;
    String user = System.getenv("MLFLOW_TRACKING_USERNAME");
    if (user == null) return null;
    String pair = user + ":" + System.getenv().getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String beginningOf(InputStream body) throws IOException {
    if (body == null) return "";
    try (body) {
      return new String(body.readNBytes(300), StandardCharsets.UTF_8);
    }
  }
}
