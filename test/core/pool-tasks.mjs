import { setTimeout as sleep } from 'node:timers/promises';
import { DataError } from '../../dist/core/errors.js';

/** The tasks of the contract: the thread pool serves them from a worker, its inline twin in the calling thread. */
export const tasks = {
  echo: async (payload) => payload,
  square: async ({ x }) => x * x,
  // A payload that is changed here must stay what it was for the caller.
  mutate: async ({ values }) => {
    values[0] = -1;
    return values;
  },
  fillShared: async ({ values, from, to }) => {
    for (let i = from; i < to; i++) values[i] = i;
  },
  slowSquare: async ({ x, milliseconds }) => {
    await sleep(milliseconds);
    return x * x;
  },
  // Order of starts: every task takes the next number from a shared counter.
  ticket: async ({ counter }) => Atomics.add(counter, 0, 1),
  waitForever: async () => new Promise((resolve) => setTimeout(resolve, 3_600_000).unref?.()),
  failWithDataError: async () => {
    throw new DataError('row 7: followers=NaN must be a number', { cause: new TypeError('not a number') });
  },
  failWithRangeError: async () => {
    throw new RangeError('out of range');
  },
  failWithText: async () => {
    throw 'plain text';
  },
  returnFunction: async () => () => 1,
};
