package kol.flink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A topic of a test's own on the real broker. */
public final class TestTopic {
  private final String brokers = Fixtures.setting("kol.kafka");
  private final String name;
  private final int partitions;

  /** Makes it. */
  public TestTopic(String label, int partitions) throws ExecutionException, InterruptedException {
    name = label + "-" + System.nanoTime();
    this.partitions = partitions;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Where the broker is. */
  public String brokers() {
    return brokers;
  }

  /** How many partitions it has. */
  public int partitions() {
    return partitions;
  }

  /** Sends a message to a partition, or wherever it belongs. */
  public void send(Integer partition, String value)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, String> producer = producer()) {
      producer.send(new ProducerRecord<>(name, partition, null, value)).get();
    }
  }

  /** For many messages; to be closed. */
  public KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", brokers, "linger.ms", 5),
        new StringSerializer(),
        new StringSerializer());
  }

  /** All values whose transactions are committed by now. */
  public List<String> committed() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> all =
          IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(name, p)).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      List<String> values = new ArrayList<>();
      while (all.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(record.value());
        }
      }
      return values;
    }
  }
}
