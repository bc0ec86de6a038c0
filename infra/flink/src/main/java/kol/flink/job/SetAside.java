package kol.flink.job;

import kol.flink.scoring.DeadLetter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Lets events through; dead letters go to a side output. */
final class SetAside extends ProcessFunction<Incoming, SocialEvent> {
  private static final long serialVersionUID = 1L;

  private final OutputTag<DeadLetter> deadLetters;

  SetAside(OutputTag<DeadLetter> deadLetters) {
    this.deadLetters = deadLetters;
  }

  @Override
  public void processElement(Incoming incoming, Context context, Collector<SocialEvent> out) {
    if (incoming.event() == null) {
      context.output(deadLetters, incoming.deadLetter());
    } else {
      out.collect(incoming.event());
    }
  }
}
