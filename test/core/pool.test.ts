import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConfigError, InterruptedError } from '../../src/core/errors.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { createPool } from '../../src/core/pool.js';
import { serveTasks, type Tasks } from '../../src/core/serve-tasks.js';
import { poolContract } from './pool-contract.js';

const worker = new URL('./pool-worker.mjs', import.meta.url);
const { tasks } = (await import(new URL('./pool-tasks.mjs', import.meta.url).href)) as { tasks: Tasks };

poolContract('the inline pool', () => inlinePool(tasks));
poolContract('one worker thread', () => createPool({ threads: 1, worker }));
poolContract('three worker threads', () => createPool({ threads: 3, worker }));

describe('worker threads', () => {
  it('are started only when needed, at most as many as asked for, and reused', async () => {
    const pool = createPool({ threads: 3, worker });
    const ids = new Set<number>();
    for (let i = 0; i < 5; i++) ids.add(await pool.run<number>('threadId', null));
    expect(ids.size).toBe(1);
    for (const id of await Promise.all(
      Array.from({ length: 30 }, () => pool.run<number>('threadId', null)),
    )) {
      ids.add(id);
    }
    expect(ids.size).toBeLessThanOrEqual(3);
    expect(ids.has(0)).toBe(false);
    await pool.close();
  });

  it('are ended by an abort, even in a loop that never yields, and replaced', async () => {
    const pool = createPool({ threads: 1, worker });
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const controller = new AbortController();
    const spinning = pool.run('spin', { counter }, { signal: controller.signal });
    const caught = spinning.catch((error: unknown) => error);
    while (Atomics.load(counter, 0) === 0) await sleep(1);
    controller.abort();
    expect(await caught).toBeInstanceOf(InterruptedError);
    const atRejection = Atomics.load(counter, 0);
    await sleep(20);
    expect(Atomics.load(counter, 0)).toBe(atRejection);
    expect(await pool.run('square', { x: 6 })).toBe(36);
    await pool.close();
  });

  it('that exit fail their own task only', async () => {
    const pool = createPool({ threads: 1, worker });
    const exits = pool.run('exit', { code: 3 });
    const next = pool.run('square', { x: 7 });
    await expect(exits).rejects.toThrow(/worker thread exited with code 3 in task exit .*pool-worker\.mjs/);
    expect(await next).toBe(49);
    await pool.close();
  });

  it('that throw outside their task fail it with that error', async () => {
    const pool = createPool({ threads: 2, worker });
    await expect(pool.run('outlive', null)).rejects.toThrow('thrown after the task began');
    expect(await pool.run('square', { x: 8 })).toBe(64);
    await pool.close();
  });

  it('whose module cannot be loaded or does not serve give an error, not a hang', async () => {
    const missing = createPool({ threads: 1, worker: new URL('./no-such-worker.mjs', import.meta.url) });
    await expect(missing.run('square', { x: 1 })).rejects.toThrow(/no-such-worker\.mjs/);
    const idle = createPool({ threads: 1, worker: new URL('./pool-tasks.mjs', import.meta.url) });
    await expect(idle.run('square', { x: 1 })).rejects.toThrow(/exited with code 0 in task square/);
    await Promise.all([missing.close(), idle.close()]);
  });

  it('do not keep the process alive while idle, and do while busy', () => {
    const source = `
      import { createPool } from ${JSON.stringify(new URL('../../dist/core/pool.js', import.meta.url).href)};
      const pool = createPool({ threads: 2, worker: new URL(${JSON.stringify(worker.href)}) });
      void pool.run('slowSquare', { x: 9, milliseconds: 50 }).then((y) => process.stdout.write(String(y)));
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', source], { timeout: 20_000 });
    expect(output.toString()).toBe('81');
  });

  it('are counted in whole numbers from 1', () => {
    for (const threads of [0, -1, 1.5, NaN, Infinity]) {
      expect(() => createPool({ threads, worker: pathToFileURL('/unused') })).toThrow(ConfigError);
    }
  });
});

describe('serveTasks', () => {
  it('is refused outside a worker thread', () => {
    expect(() => serveTasks({})).toThrow(ConfigError);
    expect(() => inlinePool({})).toThrow(ConfigError);
  });
});
