package kol.flink.scoring;

import java.io.Serializable;
import kol.flink.scoring.Outcome.Score;

/**
 * How rows of a stream are scored: what a champion reads of them, and what becomes of its answer.
 *
 * @param <I> rows of the stream
 * @param <O> the same with their scores
 */
public interface ScoredRow<I, O> extends Serializable {
  /** The raw columns in the order in which the job lists them. */
  Object[] columns(I row);

  /** The row with its score. */
  O with(I row, Score score);

  /** The row without a score, for people to look at. */
  DeadLetter rejected(I row, String reason);
}
