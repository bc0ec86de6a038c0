import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../../core/errors.js';
import { createRng, type Rng } from '../../core/rng.js';

/** Time as the retries see it; another one in tests. */
export interface Clock {
  /** Seconds since some moment. */
  now(): number;
  /** Resolves after so many seconds, rejects once `signal` is aborted. */
  wait(seconds: number, signal: AbortSignal | undefined): Promise<void>;
}

/** The machine's clock. */
export const realClock: Clock = {
  now: () => performance.now() / 1000,
  wait: (seconds, signal) => sleep(seconds * 1000, undefined, signal && { signal }),
};

/** How failures that may pass are waited out. Seconds. */
export interface RetryOptions {
  /** Failures in a row before giving up, the first included; 9 when left out. */
  readonly attempts?: number | undefined;
  /** Longest time from the first failure in a row to the last attempt; 180 when left out. */
  readonly totalSeconds?: number | undefined;
  /** First pause, doubled each time up to `longestPause`; 0.25 and 30 when left out. */
  readonly firstPause?: number | undefined;
  readonly longestPause?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly rng?: Rng | undefined;
  /** Told of each retry in words. */
  readonly onRetry?: ((message: string) => void) | undefined;
}

/** Counts failures in a row and waits between them. */
export interface Retries {
  /**
   * Waits before the next attempt; false when there shall be none.
   * @param atLeast seconds that the server asked to wait
   * @throws {InterruptedError} once `signal` is aborted
   */
  again(reason: string, signal: AbortSignal | undefined, atLeast?: number): Promise<boolean>;
  /** Something went on: the count starts anew. */
  progressed(): void;
}

/** Exponential back-off; each pause is drawn from its upper half, so that clients do not come back together. */
export function createRetries(options: RetryOptions = {}): Retries {
  const { attempts = 9, totalSeconds = 180, firstPause = 0.25, longestPause = 30 } = options;
  const { clock = realClock, onRetry } = options;
  const rng = options.rng ?? createRng(randomInt(2 ** 32));
  let failures = 0;
  let began = 0;
  return {
    again: async (reason, signal, atLeast = 0) => {
      if (failures++ === 0) began = clock.now();
      const longest = Math.min(longestPause, firstPause * 2 ** (failures - 1));
      const pause = Math.max(atLeast, longest * (0.5 + 0.5 * rng.uniform()));
      if (failures >= attempts || clock.now() - began + pause > totalSeconds) return false;
      onRetry?.(`${reason}; trying again in ${pause.toFixed(1)} s (${failures} of ${attempts - 1})`);
      try {
        await clock.wait(pause, signal);
      } catch (error) {
        throw new InterruptedError(undefined, { cause: error });
      }
      return true;
    },
    progressed: () => {
      failures = 0;
    },
  };
}
