package kol.flink.job;

import java.io.IOException;
import kol.flink.scoring.BatchScore;
import kol.flink.scoring.DeadLetter;
import kol.flink.sink.CassandraSink;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * events.social.raw → each event once → metrics per KOL and window → trust score → alerts.stream,
 * metrics.kol.windowed and Cassandra. What cannot be used goes to a topic of its own.
 */
public final class ScoringJob {
  private static final OutputTag<DeadLetter> DEAD =
      new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));
  private static final OutputTag<SocialEvent> LATE =
      new OutputTag<>("late", TypeInformation.of(SocialEvent.class));

  private ScoringJob() {}

  /** Runs the job; settings are those of {@link JobSettings}. */
  public static void main(String[] arguments) throws Exception {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    build(environment, JobSettings.of(arguments));
    environment.execute("kol-scoring");
  }

  /** Lays the job out. */
  static void build(StreamExecutionEnvironment environment, JobSettings settings)
      throws IOException {
    environment.enableCheckpointing(
        settings.checkpoints().toMillis(), CheckpointingMode.EXACTLY_ONCE);
    // What Flink could only serialise as a generic type is slow, and does not outlive its class.
    environment.configure(new Configuration().set(PipelineOptions.GENERIC_TYPES, false));

    SingleOutputStreamOperator<SocialEvent> events =
        environment
            .fromSource(source(settings), eventTime(settings), "events")
            .uid("events")
            .process(new SetAside(DEAD))
            .uid("set-aside");
    SingleOutputStreamOperator<WindowedMetrics> windows =
        events
            .keyBy(SocialEvent::kolId)
            .process(new FirstDelivery(settings.deliveryMemory()))
            .uid("first-delivery")
            .keyBy(SocialEvent::kolId)
            .window(TumblingEventTimeWindows.of(settings.window()))
            .sideOutputLateData(LATE)
            .aggregate(new CountEvents(), new CountEvents.Bounds())
            .uid("windows");
    SingleOutputStreamOperator<ScoredWindow> scores =
        windows
            .filter(window -> window.account() != null)
            .transform(
                "trust",
                TypeInformation.of(ScoredWindow.class),
                new BatchScore<>(
                    settings.champion(),
                    ScoreAccount.needs(settings.columns()),
                    settings.batch(),
                    new ScoreAccount(settings.columns()),
                    DEAD))
            .uid("trust");
    DataStream<Alert> alerts =
        scores.flatMap(new RaiseAlerts(settings.trustThreshold())).uid("alerts");
    DataStream<DeadLetter> dead =
        events
            .getSideOutput(DEAD)
            .union(scores.getSideOutput(DEAD), windows.getSideOutput(LATE).map(new LateLetter()));

    windows
        .sinkTo(
            KafkaTopic.exactlyOnce(
                settings, settings.metrics(), WindowedMetrics::kolId, Messages::metrics))
        .uid("to-metrics");
    alerts
        .sinkTo(KafkaTopic.exactlyOnce(settings, settings.alerts(), Alert::kolId, Messages::alert))
        .uid("to-alerts");
    dead.sinkTo(
            KafkaTopic.exactlyOnce(
                settings, settings.deadLetters(), DeadLetter::source, Messages::deadLetter))
        .uid("to-dead-letters");
    if (settings.cassandra() != null) {
      windows
          .sinkTo(
              new CassandraSink<>(
                  settings.cassandra(), settings.datacenter(), CassandraRows::metrics))
          .uid("metrics-to-cassandra");
      scores
          .sinkTo(
              new CassandraSink<>(
                  settings.cassandra(), settings.datacenter(), CassandraRows::score))
          .uid("scores-to-cassandra");
      alerts
          .sinkTo(
              new CassandraSink<>(
                  settings.cassandra(), settings.datacenter(), CassandraRows::alert))
          .uid("alerts-to-cassandra");
    }
  }

  private static KafkaSource<Incoming> source(JobSettings settings) {
    return KafkaSource.<Incoming>builder()
        .setBootstrapServers(settings.brokers())
        .setGroupId(settings.group())
        .setTopics(settings.events())
        .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
        .setDeserializer(new EventSchema())
        .setProperty("isolation.level", "read_committed")
        .build();
  }

  private static WatermarkStrategy<Incoming> eventTime(JobSettings settings) {
    return WatermarkStrategy.<Incoming>forBoundedOutOfOrderness(settings.outOfOrderness())
        .withIdleness(settings.idleness())
        .withTimestampAssigner((incoming, at) -> incoming.occurredAt());
  }

  private record RaiseAlerts(double threshold) implements FlatMapFunction<ScoredWindow, Alert> {
    @Override
    public void flatMap(ScoredWindow window, Collector<Alert> out) {
      Alert.of(window, threshold).ifPresent(out::collect);
    }
  }
}
