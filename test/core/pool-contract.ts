import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { DataError, InterruptedError } from '../../src/core/errors.js';
import type { Pool } from '../../src/core/pool.js';

/** What every pool keeps. `open` gives a new pool that serves the tasks of `pool-tasks.mjs`. */
export function poolContract(name: string, open: () => Pool): void {
  describe(`${name} keeps the contract of a pool`, () => {
    const pool = open();
    afterAll(() => pool.close());

    it('gives each call its own result, however the tasks are scheduled', async () => {
      const calls = Array.from({ length: 40 }, (_, x) => ({ x, milliseconds: (x * 7) % 5 }));
      const results = await Promise.all(calls.map((call) => pool.run<number>('slowSquare', call)));
      expect(results).toEqual(calls.map(({ x }) => x * x));
    });

    it('starts tasks in the order of the calls', async () => {
      const one = open();
      const counter = new Int32Array(new SharedArrayBuffer(4));
      const tickets = Array.from({ length: 20 }, () => one.run<number>('ticket', { counter }));
      const seen = await Promise.all(tickets);
      if (one.threads === 1) expect(seen).toEqual(seen.map((_, i) => i));
      expect([...seen].sort((a, b) => a - b)).toEqual(seen.map((_, i) => i));
      await one.close();
    });

    it('passes values by structured clone', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.object({ withTypedArray: true, withMap: true, withDate: true }),
          async (payload) => {
            expect(await pool.run('echo', payload)).toEqual(structuredClone(payload));
          },
        ),
        { numRuns: 50 },
      );
    });

    it('leaves the payload of the caller alone, and reads it at the moment of the call', async () => {
      const values = new Float64Array([1, 2]);
      const calls = Array.from({ length: 5 }, () => pool.run('mutate', { values }));
      values[1] = 99;
      for (const result of await Promise.all(calls)) expect(result).toEqual(new Float64Array([-1, 2]));
      expect(values[0]).toBe(1);
    });

    it('passes shared memory without a copy', async () => {
      const values = new Float32Array(new SharedArrayBuffer(4 * 100));
      await Promise.all(
        [0, 25, 50, 75].map((from) => pool.run('fillShared', { values, from, to: from + 25 })),
      );
      expect([...values]).toEqual(Array.from({ length: 100 }, (_, i) => i));
    });

    it('brings an error back as its own class, with code, message and cause', async () => {
      const error: unknown = await pool.run('failWithDataError', null).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(DataError);
      expect(error).toMatchObject({
        name: 'DataError',
        code: 'data',
        message: 'row 7: followers=NaN must be a number',
        cause: { name: 'TypeError', message: 'not a number' },
      });
      const foreign = pool.run('failWithRangeError', null);
      await expect(foreign).rejects.toMatchObject({ name: 'RangeError', message: 'out of range' });
      await expect(pool.run('failWithText', null)).rejects.toThrow('plain text');
      expect(await pool.run('square', { x: 3 })).toBe(9);
    });

    it('names a task it does not know', async () => {
      await expect(pool.run('sqare', { x: 1 })).rejects.toThrow(/task=sqare is not served here, only echo/);
      await expect(pool.run('toString', null)).rejects.toMatchObject({ code: 'config' });
    });

    it('says what cannot be cloned', async () => {
      await expect(pool.run('echo', () => 1)).rejects.toThrow('the payload of task echo cannot be cloned');
      const waiting = Array.from({ length: 4 }, (_, x) => pool.run('slowSquare', { x, milliseconds: 2 }));
      await expect(pool.run('echo', () => 1)).rejects.toThrow('the payload of task echo cannot be cloned');
      await Promise.all(waiting);
      const result = pool.run('returnFunction', null);
      await expect(result).rejects.toThrow('the result of task returnFunction cannot be cloned');
      expect(await pool.run('square', { x: 4 })).toBe(16);
    });

    it('rejects at once when the signal is already aborted', async () => {
      const run = pool.run('square', { x: 1 }, { signal: AbortSignal.abort('enough') });
      await expect(run).rejects.toBeInstanceOf(InterruptedError);
      await expect(run).rejects.toMatchObject({ cause: 'enough' });
    });

    it('abandons running and waiting tasks on abort, and goes on with the others', async () => {
      const controller = new AbortController();
      const stopped = Array.from({ length: 30 }, () =>
        pool.run('waitForever', null, { signal: controller.signal }).catch((e: unknown) => e),
      );
      const after = pool.run('square', { x: 5 });
      setTimeout(() => controller.abort(), 20);
      for (const error of await Promise.all(stopped)) expect(error).toBeInstanceOf(InterruptedError);
      expect(await after).toBe(25);
    });

    it('rejects what is not done when it is closed, and every later call', async () => {
      const other = open();
      const pending = [other.run('waitForever', null), other.run('waitForever', null)];
      const settled = Promise.allSettled(pending);
      await other.close();
      for (const outcome of await settled) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'interrupted' } });
      }
      await expect(other.run('square', { x: 1 })).rejects.toBeInstanceOf(InterruptedError);
      await other.close();
    });
  });
}
