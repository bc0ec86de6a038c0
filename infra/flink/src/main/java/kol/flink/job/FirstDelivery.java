package kol.flink.job;

import java.time.Duration;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Lets every event of a KOL through once, however often its producer sent it, and gives it the
 * account that was seen last where it has none.
 */
final class FirstDelivery extends KeyedProcessFunction<String, SocialEvent, SocialEvent> {
  private static final long serialVersionUID = 1L;

  private final Duration memory;
  private transient MapState<String, Boolean> seen;
  private transient ValueState<String> account;

  /** Remembers deliveries for as long as {@code memory}. */
  FirstDelivery(Duration memory) {
    this.memory = memory;
  }

  @Override
  public void open(Configuration parameters) {
    MapStateDescriptor<String, Boolean> deliveries =
        new MapStateDescriptor<>("deliveries", String.class, Boolean.class);
    deliveries.enableTimeToLive(StateTtlConfig.newBuilder(memory).build());
    seen = getRuntimeContext().getMapState(deliveries);
    account = getRuntimeContext().getState(new ValueStateDescriptor<>("account", String.class));
  }

  @Override
  public void processElement(SocialEvent event, Context context, Collector<SocialEvent> out)
      throws Exception {
    if (seen.contains(event.eventId())) return;
    seen.put(event.eventId(), true);
    if (event.account() != null) account.update(event.account());
    out.collect(
        new SocialEvent(
            event.eventId(),
            event.kolId(),
            event.type(),
            event.value(),
            event.occurredAt(),
            account.value()));
  }
}
