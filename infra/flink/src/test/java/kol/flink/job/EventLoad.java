package kol.flink.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import kol.flink.Fixtures;
import kol.flink.TestTopic;
import kol.flink.champion.ChampionSettings;
import kol.flink.champion.SharedChampions;
import kol.flink.scoring.Outcome;
import kol.flink.scoring.Scorer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events of some KOLs and what a job must make of them: a tenth is sent twice, a fiftieth is none;
 * one KOL's account cannot be scored, one has none.
 */
final class EventLoad {
  static final int KOLS = 24;
  static final int UNUSABLE = 0;
  static final int UNSEEN = 1;
  static final long WINDOW = 5_000;
  private static final long START = Instant.parse("2026-03-01T23:58:00Z").toEpochMilli();
  private static final String[] TYPES = {"view", "like", "comment", "share", "follow"};

  private final TestTopic topic;
  private final String prefix = "kol-" + System.nanoTime() + "-";
  private final List<Object[]> accounts = Fixtures.rows("kol-trust");
  private final List<String> columns = Fixtures.inputs("kol-trust");
  private final Random random = new Random(7);
  private long clock = START;
  private int sent;

  /** What was sent and counts, by KOL and start of the window. */
  final TreeMap<String, Integer> eventsByWindow = new TreeMap<>();

  /** How many messages are no events. */
  int garbage;

  EventLoad(TestTopic topic) throws IOException {
    this.topic = topic;
  }

  String kolId(int k) {
    return prefix + k;
  }

  /** Events counted in all. */
  int total() {
    return eventsByWindow.values().stream().mapToInt(n -> n).sum();
  }

  /** Windows of one KOL, or of all for null. */
  long windows(Integer k) {
    return eventsByWindow.keySet().stream()
        .filter(key -> k == null || key.startsWith(kolId(k) + " "))
        .count();
  }

  /** Sends some more, over some more seconds of event time. */
  void send(int n, int seconds) {
    try (KafkaProducer<String, String> producer = topic.producer()) {
      for (int i = 0; i < n; i++) {
        clock += seconds * 1000L / n;
        int k = random.nextInt(KOLS);
        // Out of order within what the job allows for.
        long at = clock - random.nextInt(900);
        String event = event(k, at, TYPES[random.nextInt(TYPES.length)]);
        send(producer, k, event);
        if (random.nextInt(10) == 0) send(producer, k, event);
        if (random.nextInt(50) == 0) {
          send(producer, k, random.nextBoolean() ? null : event.substring(9));
          garbage++;
        }
        eventsByWindow.merge(
            kolId(k) + " " + Instant.ofEpochMilli(at - at % WINDOW), 1, Integer::sum);
      }
    }
  }

  /** Moves the event time of every partition past all windows so far. */
  void closeWindows() {
    clock += 3_600_000;
    try (KafkaProducer<String, String> producer = topic.producer()) {
      for (int p = 0; p < topic.partitions(); p++) {
        ObjectNode event = json(prefix + "closing-" + p, clock, "view");
        send(producer, p, event.toString());
        // Its own window is never closed unless more follows; then it is counted as well.
        eventsByWindow.merge(
            event.path("kol_id").asText() + " " + Instant.ofEpochMilli(clock - clock % WINDOW),
            1,
            Integer::sum);
      }
    }
  }

  /** Forgets the windows that nothing closes. */
  void forgetOpenWindows() {
    eventsByWindow
        .keySet()
        .removeIf(key -> key.endsWith(Instant.ofEpochMilli(clock - clock % WINDOW).toString()));
  }

  private void send(KafkaProducer<String, String> producer, int k, String value) {
    producer.send(new ProducerRecord<>(topic.name(), k % topic.partitions(), null, value));
  }

  private String event(int k, long at, String type) {
    ObjectNode event = json(kolId(k), at, type);
    if (k == UNSEEN) return event.toString();
    ObjectNode account = event.putObject("account");
    for (int c = 0; c < columns.size(); c++) {
      account.set(columns.get(c), Fixtures.JSON.valueToTree(accounts.get(k)[c]));
    }
    if (k == UNUSABLE) account.put("followers_count", "many");
    return event.toString();
  }

  private ObjectNode json(String kolId, long at, String type) {
    return Fixtures.JSON
        .createObjectNode()
        .put("event_id", "event-" + sent++)
        .put("kol_id", kolId)
        .put("type", type)
        .put("value", 2)
        .put("occurred_at", Instant.ofEpochMilli(at).toString());
  }

  /** KOLs whom the champion trusts less than this. */
  TreeSet<String> untrusted(ChampionSettings settings, double threshold) throws IOException {
    SharedChampions champions = SharedChampions.acquire(settings, ScoreAccount.needs(columns));
    try {
      Scorer scorer = new Scorer(champions.holder(), ScoreAccount.needs(columns), KOLS);
      Outcome[] outcomes = scorer.score(new ArrayList<>(accounts.subList(0, KOLS)));
      TreeSet<String> untrusted = new TreeSet<>();
      for (int k = 0; k < KOLS; k++) {
        if (k == UNUSABLE || k == UNSEEN) continue;
        if (((Outcome.Score) outcomes[k]).values()[0] < threshold) untrusted.add(kolId(k));
      }
      return untrusted;
    } finally {
      champions.release();
    }
  }
}
