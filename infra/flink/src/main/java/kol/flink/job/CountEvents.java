package kol.flink.job;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Adds the events of a window up, one by one. */
final class CountEvents
    implements AggregateFunction<SocialEvent, WindowedMetrics, WindowedMetrics> {
  private static final long serialVersionUID = 1L;

  @Override
  public WindowedMetrics createAccumulator() {
    return new WindowedMetrics(null, 0, 0, 0, 0, 0, 0, 0, 0, null);
  }

  @Override
  public WindowedMetrics add(SocialEvent event, WindowedMetrics sum) {
    double n = event.value();
    return new WindowedMetrics(
        event.kolId(),
        0,
        0,
        sum.events() + 1,
        sum.views() + (event.type().equals("view") ? n : 0),
        sum.likes() + (event.type().equals("like") ? n : 0),
        sum.comments() + (event.type().equals("comment") ? n : 0),
        sum.shares() + (event.type().equals("share") ? n : 0),
        sum.follows() + (event.type().equals("follow") ? n : 0),
        event.account() == null ? sum.account() : event.account());
  }

  @Override
  public WindowedMetrics merge(WindowedMetrics a, WindowedMetrics b) {
    throw new UnsupportedOperationException("tumbling windows do not merge");
  }

  @Override
  public WindowedMetrics getResult(WindowedMetrics sum) {
    return sum;
  }

  /** Writes the window's bounds into its sum. */
  static final class Bounds
      extends ProcessWindowFunction<WindowedMetrics, WindowedMetrics, String, TimeWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public void process(
        String kolId,
        Context context,
        Iterable<WindowedMetrics> sums,
        Collector<WindowedMetrics> out) {
      for (WindowedMetrics sum : sums) {
        out.collect(
            new WindowedMetrics(
                kolId,
                context.window().getStart(),
                context.window().getEnd(),
                sum.events(),
                sum.views(),
                sum.likes(),
                sum.comments(),
                sum.shares(),
                sum.follows(),
                sum.account()));
      }
    }
  }
}
