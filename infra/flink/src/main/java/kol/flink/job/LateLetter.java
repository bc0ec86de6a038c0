package kol.flink.job;

import kol.flink.scoring.DeadLetter;
import org.apache.flink.api.common.functions.MapFunction;

/** Events whose window is closed already. */
final class LateLetter implements MapFunction<SocialEvent, DeadLetter> {
  private static final long serialVersionUID = 1L;

  @Override
  public DeadLetter map(SocialEvent event) {
    return new DeadLetter(
        "event " + event.eventId(), "it came after its window was closed", event.toString());
  }
}
