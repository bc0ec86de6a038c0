package kol.flink.job;

import java.nio.charset.StandardCharsets;
import kol.flink.scoring.DeadLetter;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads any message, tombstones and broken UTF-8 included. It parses here, so that every partition
 * has an event time of its own: one that is read ahead of the others makes none of them late.
 */
final class EventSchema implements KafkaRecordDeserializationSchema<Incoming> {
  private static final long serialVersionUID = 1L;

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Incoming> out) {
    byte[] value = record.value();
    String text = value == null ? null : new String(value, StandardCharsets.UTF_8);
    Incoming incoming;
    try {
      incoming = new Incoming(EventParser.parse(text), null);
    } catch (IllegalArgumentException e) {
      String source = record.topic() + "-" + record.partition() + "@" + record.offset();
      incoming = new Incoming(null, new DeadLetter(source, e.getMessage(), text));
    }
    out.collect(incoming);
  }

  @Override
  public TypeInformation<Incoming> getProducedType() {
    return TypeInformation.of(Incoming.class);
  }
}
