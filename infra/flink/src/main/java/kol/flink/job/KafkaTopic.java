package kol.flink.job;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;

/** A topic that the job writes to: transactions that are committed with its checkpoints. */
final class KafkaTopic {
  /** What brokers allow unless told otherwise; a job that is down for longer loses what is open. */
  private static final String TRANSACTION_TIMEOUT_MILLIS = "900000";

  private KafkaTopic() {}

  /** A function that travels with the job. */
  interface Part<T> extends Function<T, String>, Serializable {}

  static <T> KafkaSink<T> exactlyOnce(
      JobSettings settings, String topic, Part<T> key, Part<T> value) {
    KafkaRecordSerializationSchema<T> schema =
        KafkaRecordSerializationSchema.<T>builder()
            .setTopic(topic)
            .setKeySerializationSchema(row -> utf8(key.apply(row)))
            .setValueSerializationSchema(row -> utf8(value.apply(row)))
            .build();
    return KafkaSink.<T>builder()
        .setBootstrapServers(settings.brokers())
        .setRecordSerializer(schema)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(settings.group() + "-" + topic)
        .setProperty("transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS)
        .build();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
