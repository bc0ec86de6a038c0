package kol.flink.job;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads any message, tombstones and broken UTF-8 included: what it means is asked later. */
final class RawMessageSchema implements KafkaRecordDeserializationSchema<RawMessage> {
  private static final long serialVersionUID = 1L;

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<RawMessage> out) {
    String source = record.topic() + "-" + record.partition() + "@" + record.offset();
    byte[] value = record.value();
    out.collect(
        new RawMessage(source, value == null ? null : new String(value, StandardCharsets.UTF_8)));
  }

  @Override
  public TypeInformation<RawMessage> getProducedType() {
    return TypeInformation.of(RawMessage.class);
  }
}
