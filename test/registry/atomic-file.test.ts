import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConfigError, InterruptedError } from '../../src/core/errors.js';
import {
  createFileAtomically,
  withStagedFolder,
  writeFileAtomically,
} from '../../src/registry/atomic-file.js';
import { openRunStore } from '../../src/registry/run-store.js';
import { temporaryFolder, whileReadOnly } from './temporary-folder.js';

describe('writeFileAtomically', () => {
  it('writes text and bytes, replaces what was there, and leaves nothing beside', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'report.html');
    await writeFileAtomically(path, 'tuổi');
    expect(readFileSync(path, 'utf8')).toBe('tuổi');
    await writeFileAtomically(path, Uint8Array.of(1, 2, 3).subarray(1));
    expect([...readFileSync(path)]).toEqual([2, 3]);
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  it('never shows a reader a mixture, with many writers at once', async () => {
    const path = join(temporaryFolder(), 'aliases.json');
    await writeFileAtomically(path, '0'.repeat(100_000));
    const writers = Array.from({ length: 20 }, (_, i) =>
      writeFileAtomically(path, `${i % 10}`.repeat(100_000)),
    );
    let done = false;
    const all = Promise.all(writers).then(() => (done = true));
    while (!done) {
      const seen = readFileSync(path, 'utf8');
      expect(seen).toBe(seen[0].repeat(100_000));
      await new Promise((resume) => setImmediate(resume));
    }
    await all;
  });

  it('says what to do about a folder that may not be written, and changes nothing', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'model.json');
    writeFileSync(path, 'old');
    const error = await whileReadOnly(folder, () =>
      writeFileAtomically(path, 'new').catch((e: unknown) => e),
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      message: `no permission to write ${path} (EACCES); make its folder writable or choose another`,
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['model.json']);
  });

  it('names a path that cannot be', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(writeFileAtomically(join(folder, 'file', 'x'), '')).rejects.toThrow(
      /cannot write .* \(ENOTDIR\)/,
    );
    await expect(writeFileAtomically(join(folder, 'none', 'x'), '')).rejects.toMatchObject({
      code: 'config',
    });
    mkdirSync(join(folder, 'taken', 'by-a-folder'), { recursive: true });
    await expect(writeFileAtomically(join(folder, 'taken'), '')).rejects.toMatchObject({ code: 'config' });
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken']);
  });
});

describe('a disk that takes only a part of the bytes', () => {
  it('leaves the old file, no folder, a whole journal, and a run that can go on', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file.bin'), 'old');
    const script = fileURLToPath(new URL('./processes/write-large.mjs', import.meta.url));
    // The limit on file size acts as a disk that fills up in the middle of a write: first short, then refused.
    const command = 'ulimit -f 200; exec "$0" "$@"';
    const output = execFileSync('sh', ['-c', command, process.execPath, script, folder], {
      encoding: 'utf8',
    });
    const results = JSON.parse(output) as Record<string, string>;
    expect(results.file).toMatch(
      /^ServiceError: disk full while writing .*file\.bin \(EFBIG\); free some space/,
    );
    expect(results.folder).toMatch(/^ServiceError: disk full while writing .*staged/);
    expect(results.artifact).toMatch(/^ServiceError: disk full while writing .*model\.onnx/);
    expect(results.journal).toMatch(/^ServiceError: disk full while writing .*journal\.jsonl/);
    expect(results.after).toBe('written');
    expect(readFileSync(join(folder, 'file.bin'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['file.bin', 'runs']);
    const run = await openRunStore(folder).readRun(results.runId);
    expect(run).toMatchObject({ tags: { before: 'yes', after: 'yes' }, artifacts: [], tornBytes: 0 });
    expect(Object.keys(run.tags)).toHaveLength(2);
  });
});

describe('createFileAtomically', () => {
  it('lets exactly one of many callers create the file', async () => {
    const folder = temporaryFolder();
    const path = join(folder, '1.json');
    const created = await Promise.all(
      Array.from({ length: 30 }, (_, i) => createFileAtomically(path, `${i}`)),
    );
    const winners = created.flatMap((won, i) => (won ? [`${i}`] : []));
    expect(winners).toHaveLength(1);
    expect(readFileSync(path, 'utf8')).toBe(winners[0]);
    expect(readdirSync(folder)).toEqual(['1.json']);
  });
});

describe('withStagedFolder', () => {
  it('shows the folder only when it is whole', async () => {
    const folder = temporaryFolder();
    const final = join(folder, 'deep', 'out');
    const result = await withStagedFolder(final, async (staging) => {
      mkdirSync(join(staging, 'sub'));
      await writeFile(join(staging, 'sub', 'model.onnx'), 'bytes');
      expect(readdirSync(join(folder, 'deep'))).not.toContain('out');
      return 42;
    });
    expect(result).toBe(42);
    expect(readFileSync(join(final, 'sub', 'model.onnx'), 'utf8')).toBe('bytes');
    expect(readdirSync(join(folder, 'deep'))).toEqual(['out']);
  });

  it('removes what was built on an error and on an abort', async () => {
    const folder = temporaryFolder();
    const failing = withStagedFolder(join(folder, 'out'), async (staging) => {
      await writeFile(join(staging, 'half'), 'x');
      throw new Error('training failed');
    });
    await expect(failing).rejects.toThrow('training failed');
    const controller = new AbortController();
    const aborted = withStagedFolder(
      join(folder, 'out'),
      async (staging) => {
        await writeFile(join(staging, 'half'), 'x');
        controller.abort();
      },
      { signal: controller.signal },
    );
    await expect(aborted).rejects.toBeInstanceOf(InterruptedError);
    const late = withStagedFolder(join(folder, 'out'), () => Promise.resolve(), {
      signal: controller.signal,
    });
    await expect(late).rejects.toBeInstanceOf(InterruptedError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not overwrite a folder unless told to, and then as a whole', async () => {
    const folder = temporaryFolder();
    const final = join(folder, 'out');
    const build = (text: string) => (staging: string) => writeFile(join(staging, text), text);
    mkdirSync(final);
    await withStagedFolder(final, build('first'));
    await expect(withStagedFolder(final, build('second'))).rejects.toThrow(
      `${final} exists and is not an empty folder`,
    );
    expect(readdirSync(final)).toEqual(['first']);
    await withStagedFolder(final, build('second'), { replace: true });
    expect(readdirSync(final)).toEqual(['second']);
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it('lets one of several builders of the same folder win', async () => {
    const folder = temporaryFolder();
    const final = join(folder, 'out');
    const builds = Array.from({ length: 8 }, (_, i) =>
      withStagedFolder(final, (staging) => writeFile(join(staging, `${i}`), '')),
    );
    const outcomes = await Promise.allSettled(builds);
    const winners = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [`${i}`] : []));
    expect(winners).toHaveLength(1);
    expect(readdirSync(final)).toEqual(winners);
    expect(readdirSync(folder)).toEqual(['out']);
  });
});
