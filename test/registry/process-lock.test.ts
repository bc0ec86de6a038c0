import { spawn } from 'node:child_process';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withProcessLock } from '../../src/registry/process-lock.js';
import { temporaryFolder } from './temporary-folder.js';

const lockModule = pathToFileURL(join(import.meta.dirname, '../../dist/registry/process-lock.js')).href;

/** A process that holds the lock for ever, once it has it. */
async function holder(folder: string) {
  const program = `import { withProcessLock } from '${lockModule}';
    await withProcessLock(${JSON.stringify(folder)}, () => { process.stdout.write('held'); return new Promise(() => setInterval(() => {}, 1000)); }, { busy: String });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

/** Says who has it. */
const busy = (who: string): string => `${who} has it`;
const atOnce = { busy, waitMs: 0 };

describe('withProcessLock', () => {
  it('lets one at a time do its work', async () => {
    const folder = temporaryFolder();
    let inside = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inside--;
      done++;
    };
    await Promise.all(Array.from({ length: 6 }, () => withProcessLock(folder, work, { busy })));
    expect(done).toBe(6);
    expect(await readdir(folder)).toHaveLength(1);
    await expect(
      withProcessLock(folder, () => Promise.reject(new Error('failed')), { busy }),
    ).rejects.toThrow('failed');
    await withProcessLock(folder, work, atOnce);
  });

  it('is named by its holder, and free once that is killed', async () => {
    const folder = temporaryFolder();
    const child = await holder(folder);
    const taken = withProcessLock(folder, () => Promise.resolve(), { busy, waitMs: 300 });
    await expect(taken).rejects.toThrow(`process ${child.pid} of`);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(await withProcessLock(folder, () => Promise.resolve('mine'), atOnce)).toBe('mine');
  });

  it('is not held by another process of the same number, nor for ever by another machine', async () => {
    const folder = temporaryFolder();
    const path = join(folder, '0000000001.lock');
    const held = {
      token: 't',
      user: 'u',
      host: hostname(),
      pid: process.pid,
      mark: 'other/1',
      released: false,
    };
    if (process.platform === 'linux') {
      await writeFile(path, JSON.stringify(held));
      await withProcessLock(folder, () => Promise.resolve(), atOnce);
    }
    const newest = join(folder, '0000000009.lock');
    await writeFile(newest, JSON.stringify({ ...held, host: 'another-machine' }));
    await expect(withProcessLock(folder, () => Promise.resolve(), atOnce)).rejects.toThrow(
      'u@another-machine',
    );
    const longAgo = new Date(Date.now() - 300_000);
    await utimes(newest, longAgo, longAgo);
    await withProcessLock(folder, () => Promise.resolve(), atOnce);
    expect(await readdir(folder)).toEqual(['0000000010.lock']);
  });
});
