package kol.flink.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kol.flink.Fixtures;
import kol.flink.TestTopic;
import kol.flink.scoring.BatchLimits;
import kol.flink.scoring.BatchScore;
import kol.flink.scoring.DeadLetter;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches that nothing but a checkpoint ends: no watermark, never full, no end of waiting. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CheckpointedBatchTest {
  private static final BatchLimits ENDLESS = new BatchLimits(1_000_000, 3_600_000);

  @TempDir Path folder;

  @Test
  void aCheckpointLeavesNoRowInABatch() throws Exception {
    TestTopic in = new TestTopic("rows", 2);
    TestTopic out = new TestTopic("scored", 2);
    try (JobCluster cluster = new JobCluster(folder)) {
      cluster.start(environment -> layOut(environment, in, out), null);
      send(in, 0, 300);
      cluster.waitUntil(() -> out.committed().size() >= 300);
      send(in, 300, 400);
      cluster.loseTaskManager();
      send(in, 400, 700);
      cluster.waitUntil(() -> out.committed().size() >= 700);
      assertTrue(cluster.restarts() >= 1);
      cluster.stop();
    }
    List<String> scored = out.committed();
    Set<String> distinct = new HashSet<>(scored);
    for (int id = 0; id < 700; id++) assertTrue(distinct.contains("row-" + id), "row-" + id);
    assertEquals(700, scored.size());
  }

  private static void send(TestTopic topic, int from, int to) {
    try (KafkaProducer<String, String> producer = topic.producer()) {
      for (int id = from; id < to; id++) {
        producer.send(new ProducerRecord<>(topic.name(), "row-" + id, "row-" + id));
      }
    }
  }

  private static void layOut(StreamExecutionEnvironment environment, TestTopic in, TestTopic out)
      throws IOException {
    environment.enableCheckpointing(300, CheckpointingMode.EXACTLY_ONCE);
    JobSettings settings =
        JobSettings.of(
            new String[] {
              "--brokers", in.brokers(),
              "--group", in.name(),
              "--champion", Fixtures.champion("kol-trust").toString(),
              "--columns", String.join(",", Fixtures.inputs("kol-trust"))
            });
    KafkaSource<String> source =
        KafkaSource.<String>builder()
            .setBootstrapServers(in.brokers())
            .setTopics(in.name())
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setValueOnlyDeserializer(new SimpleStringSchema())
            .build();
    environment
        .fromSource(source, WatermarkStrategy.noWatermarks(), "rows")
        .map(id -> new WindowedMetrics(id, 0, 0, 0, 0, 0, 0, 0, 0, "{}"))
        .transform(
            "trust",
            TypeInformation.of(ScoredWindow.class),
            new BatchScore<>(
                settings.champion(),
                ScoreAccount.needs(settings.columns()),
                ENDLESS,
                new ScoreAccount(settings.columns()),
                new OutputTag<>("dead", TypeInformation.of(DeadLetter.class))))
        .map(window -> window.metrics().kolId())
        .sinkTo(KafkaTopic.exactlyOnce(settings, out.name(), id -> id, id -> id));
  }
}
