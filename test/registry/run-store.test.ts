import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, DataError, ServiceError } from '../../src/core/errors.js';
import { openRunStore, type Run, type RunStore } from '../../src/registry/run-store.js';
import { currentWriter } from '../../src/registry/writer.js';
import { temporaryFolder, whileReadOnly } from './temporary-folder.js';

const begin = (store: RunStore): Promise<Run> => store.start({ experiment: 'trust', name: 'nightly' });
const journalOf = (store: RunStore, runId: string): string =>
  join(store.folder, 'runs', runId, 'journal.jsonl');

/** A clock that tells the given times one after the other, the last one for ever. */
function clock(...times: number[]): () => number {
  let i = 0;
  return () => times[Math.min(i++, times.length - 1)];
}

describe('a run', () => {
  it('is read back as it was logged', async () => {
    const store = openRunStore(temporaryFolder(), clock(1_000, 2_000, 3_000, 4_000, 5_000));
    const run = await store.start({ experiment: 'trust', name: 'nightly', tags: { cause: 'schedule' } });
    await run.logParams({ learningRate: 0.1, growth: 'leaf-wise', text: true, maxDepth: Infinity });
    await run.logMetrics({ auc: 0.91, brier: 0.07 }, 1);
    await run.logMetrics({ auc: 0.92 }, 2);
    await run.logTags({ cause: 'by hand' });
    await run.logDataset({
      name: 'kol.profiles',
      digest: '7051579123',
      source: 'iceberg',
      schema: { kol_id: 'string' },
      role: 'training',
    });
    await run.logArtifact('report/index.html', '<p>tuổi</p>');
    await run.finish('finished');
    const record = await store.readRun(run.runId);
    expect(record).toEqual({
      runId: run.runId,
      key: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      experiment: 'trust',
      name: 'nightly',
      status: 'finished',
      message: null,
      startedAt: 1_000,
      endedAt: 5_000,
      writer: { ...currentWriter(), host: hostname(), pid: process.pid },
      params: { learningRate: 0.1, growth: 'leaf-wise', text: true, maxDepth: 'Infinity' },
      tags: { cause: 'by hand' },
      metrics: {
        auc: [
          { value: 0.91, step: 1, at: 3_000 },
          { value: 0.92, step: 2, at: 4_000 },
        ],
        brier: [{ value: 0.07, step: 1, at: 3_000 }],
      },
      datasets: [
        {
          name: 'kol.profiles',
          digest: '7051579123',
          source: 'iceberg',
          schema: { kol_id: 'string' },
          role: 'training',
        },
      ],
      artifacts: [
        {
          path: 'report/index.html',
          sha256: createHash('sha256').update('<p>tuổi</p>').digest('hex'),
          size: Buffer.byteLength('<p>tuổi</p>'),
        },
      ],
      tornBytes: 0,
    });
    expect(readFileSync(store.artifactPath(run.runId, 'report/index.html'), 'utf8')).toBe('<p>tuổi</p>');
    for (const part of [
      record,
      record.params,
      record.tags,
      record.metrics,
      record.metrics.auc,
      record.artifacts,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('keeps metrics that are not finite', async () => {
    const store = openRunStore(temporaryFolder());
    const run = await begin(store);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double(), { minLength: 1, maxLength: 5 }), async (values) => {
        await Promise.all(values.map((value, step) => run.logMetrics({ loss: value }, step)));
        const points = (await store.readRun(run.runId)).metrics.loss.slice(-values.length);
        expect(points.map(({ value }) => value)).toEqual(values.map((value) => (value === 0 ? 0 : value)));
      }),
      { numRuns: 20, examples: [[[NaN, Infinity, -Infinity]]] },
    );
    for (const line of readFileSync(journalOf(store, run.runId), 'utf8').trim().split('\n')) {
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });

  it('keeps the order of the calls, numbered, and time that does not run backwards', async () => {
    const store = openRunStore(temporaryFolder(), clock(5_000, 6_000, 5_500, 7_000));
    const run = await begin(store);
    await Promise.all(Array.from({ length: 200 }, (_, i) => run.logTags({ [`t${i}`]: `${i}` })));
    const { entries } = await store.readJournal(run.runId);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 201 }, (_, i) => i));
    expect(
      entries.slice(1).map((entry) => (entry.type === 'tags' ? Object.keys(entry.tags)[0] : '')),
    ).toEqual(Array.from({ length: 200 }, (_, i) => `t${i}`));
    expect(entries.slice(0, 4).map(({ at }) => at)).toEqual([5_000, 6_000, 6_000, 7_000]);
  });

  it('writes parameters once', async () => {
    const run = await begin(openRunStore(temporaryFolder()));
    await run.logParams({ seed: 1 });
    await run.logParams({ seed: 1 });
    await expect(run.logParams({ seed: 2 })).rejects.toThrow('param seed is already 1, it cannot become 2');
  });

  it('writes artifacts once', async () => {
    const store = openRunStore(temporaryFolder());
    const run = await begin(store);
    await Promise.all([run.logArtifact('model.onnx', 'a'), run.logArtifact('model.onnx', 'a')]);
    await expect(run.logArtifact('model.onnx', 'b')).rejects.toThrow('artifact model.onnx is already logged');
    expect((await store.readRun(run.runId)).artifacts).toHaveLength(1);
    await expect(run.logArtifact('model.onnx/part', 'b')).rejects.toMatchObject({ code: 'config' });
    await expect(run.logArtifact('../escape', 'x')).rejects.toThrow(ConfigError);
    expect(readdirSync(store.folder)).toEqual(['runs']);
  });

  it('says how it ended, and takes nothing more', async () => {
    const store = openRunStore(temporaryFolder());
    for (const status of ['failed', 'interrupted'] as const) {
      const run = await begin(store);
      expect((await store.readRun(run.runId)).status).toBe('running');
      await run.finish(status, 'row 7: NaN label');
      expect(await store.readRun(run.runId)).toMatchObject({ status, message: 'row 7: NaN label' });
      await expect(run.finish('finished')).rejects.toThrow(`is already ${status}`);
      await expect(run.logMetrics({ auc: 1 })).rejects.toThrow(ConfigError);
      await expect(run.logArtifact('x', 'x')).rejects.toThrow(ConfigError);
      expect(existsSync(store.artifactPath(run.runId, 'x'))).toBe(false);
    }
  });

  it('refuses what a replay could not send', async () => {
    const store = openRunStore(temporaryFolder());
    const run = await begin(store);
    await expect(run.logMetrics({ auc: '0.9' as unknown as number })).rejects.toThrow(
      'metric auc="0.9" must be a number',
    );
    await expect(run.logMetrics({ auc: 1 }, 0.5)).rejects.toThrow('step=0.5 must be an integer');
    await expect(run.logParams({ a: {} as unknown as string })).rejects.toThrow('param a={} must be text');
    await expect(run.logTags({ '': 'x' })).rejects.toThrow('tag name "" must have 1 to 250 characters');
    await expect(run.logTags({ ['x'.repeat(251)]: 'x' })).rejects.toThrow(ConfigError);
    await expect(store.start({ experiment: '', name: 'x' })).rejects.toThrow('experiment="" must be text');
    expect((await store.readJournal(run.runId)).entries).toHaveLength(1);
  });
});

describe('the run store', () => {
  it('lists runs by time and experiment', async () => {
    const store = openRunStore(temporaryFolder(), clock(3_000, 1_000, 2_000));
    expect(await store.listRuns()).toEqual({ runs: [], damaged: [] });
    await store.start({ experiment: 'trust', name: 'third' });
    await store.start({ experiment: 'success', name: 'first' });
    await store.start({ experiment: 'trust', name: 'second' });
    expect((await store.listRuns()).runs.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
    const trust = await store.listRuns({ experiment: 'trust' });
    expect(trust.runs.map(({ name }) => name)).toEqual(['second', 'third']);
  });

  it('tells an unknown run from a damaged one', async () => {
    const store = openRunStore(temporaryFolder());
    await expect(store.readRun('20260101T000000000Z-0123456789ab')).rejects.toThrow(/no run 2026.* in /);
    await expect(store.readRun('../../etc')).rejects.toThrow('run="../../etc" is not a run id');
    expect(() => store.artifactPath('20260101T000000000Z-0123456789ab', '../journal.jsonl')).toThrow(
      ConfigError,
    );
  });

  it('can begin runs at the same time in one folder', async () => {
    const store = openRunStore(temporaryFolder());
    const runs = await Promise.all(Array.from({ length: 20 }, () => begin(store)));
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(20);
    expect((await store.listRuns()).runs).toHaveLength(20);
  });

  it('says so when it may not write', async () => {
    const folder = temporaryFolder();
    const error = await whileReadOnly(folder, () => begin(openRunStore(folder)).catch((e: unknown) => e));
    expect(error).toBeInstanceOf(ConfigError);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a journal after a crash', () => {
  it('loses at most the entry that was being written, wherever it was cut', async () => {
    const store = openRunStore(temporaryFolder());
    const run = await begin(store);
    await run.logMetrics({ auc: 0.9 }, 1);
    await run.logTags({ note: 'dấu 😀' });
    await run.finish('finished');
    const path = journalOf(store, run.runId);
    const whole = readFileSync(path);
    const ends = [...whole.keys()].filter((i) => whole[i] === 0x0a).map((i) => i + 1);
    for (let length = whole.length; length >= ends[0]; length--) {
      truncateSync(path, length);
      const { entries, tornBytes } = await store.readJournal(run.runId);
      const complete = ends.filter((end) => end <= length);
      expect(entries).toHaveLength(complete.length);
      expect(tornBytes).toBe(length - (complete.at(-1) ?? 0));
      const record = await store.readRun(run.runId);
      expect(record.status).toBe(complete.length === 4 ? 'finished' : 'running');
      expect(record.tornBytes).toBe(tornBytes);
    }
    truncateSync(path, ends[0] - 1);
    await expect(store.readRun(run.runId)).rejects.toThrow(DataError);
    const { runs, damaged } = await store.listRuns();
    expect(runs).toEqual([]);
    expect(damaged).toEqual([{ runId: run.runId, message: `${path}:1 must be a start entry` }]);
  });

  it('takes zeros that a file system left at the end for a torn entry', async () => {
    const store = openRunStore(temporaryFolder());
    const run = await begin(store);
    appendFileSync(journalOf(store, run.runId), Buffer.alloc(100));
    expect(await store.readRun(run.runId)).toMatchObject({ status: 'running', tornBytes: 100 });
  });

  it('names the line of any other damage', async () => {
    const store = openRunStore(temporaryFolder());
    const run = await begin(store);
    await run.logMetrics({ auc: 0.9 });
    await run.logTags({ a: 'b' });
    await run.finish('finished');
    const path = journalOf(store, run.runId);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines[1]).toMatch(/^\{"seq":1,"at":\d+,"type":"metrics","metrics":\{"auc":0\.9\},"step":0\}$/);
    const damages: [string[], RegExp][] = [
      [[lines[0], lines[1].slice(0, 20), lines[2]], /journal\.jsonl:2 is not a journal entry/],
      [[lines[0], lines[2]], /journal\.jsonl:2 has seq=2, expected 1/],
      [[lines[1]], /journal\.jsonl:1 has seq=1, expected 0/],
      [[lines[0], lines[1].replace('0.9', '"high"')], /journal\.jsonl:2 is not a journal entry/],
      [[...lines, lines[1].replace('"seq":1', '"seq":4')], /entry 4 follows the end of the run/],
    ];
    for (const [kept, message] of damages) {
      writeFileSync(path, `${kept.join('\n')}\n`);
      await expect(store.readRun(run.runId)).rejects.toThrow(message);
      await expect(store.readRun(run.runId)).rejects.toBeInstanceOf(DataError);
    }
  });

  it('reports a disk that takes no more', async () => {
    const store = openRunStore(temporaryFolder());
    const run = await begin(store);
    const path = journalOf(store, run.runId);
    const before = readFileSync(path);
    unlinkSync(path);
    symlinkSync('/dev/full', path);
    await expect(run.logTags({ a: 'b' })).rejects.toThrow(ServiceError);
    unlinkSync(path);
    writeFileSync(path, before);
  });

  it('does not come back without its beginning', async () => {
    const store = openRunStore(temporaryFolder());
    const run = await begin(store);
    unlinkSync(journalOf(store, run.runId));
    await expect(run.logTags({ a: 'b' })).rejects.toThrow(/cannot write .*journal\.jsonl \(ENOENT\)/);
    expect(existsSync(journalOf(store, run.runId))).toBe(false);
  });

  it('holds everything that was acknowledged before the process was killed', async () => {
    const store = openRunStore(temporaryFolder());
    const script = fileURLToPath(new URL('./processes/log-until-killed.mjs', import.meta.url));
    const victims = [15, 60, 140].map(async (lines) => {
      const child = spawn(process.execPath, [script, store.folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      const said: string[] = [];
      for await (const line of createInterface(child.stdout)) {
        said.push(line);
        if (said.length === lines) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return said;
    });
    for (const [runId, ...steps] of await Promise.all(victims)) {
      const run = await store.readRun(runId);
      expect(run.status).toBe('running');
      const logged = run.metrics.loss.map(({ step }) => step);
      expect(logged.slice(0, steps.length)).toEqual(steps.map(Number));
      expect(logged.length).toBeLessThanOrEqual(steps.length + 1);
      for (const { path, sha256 } of run.artifacts) {
        const bytes = readFileSync(store.artifactPath(runId, path));
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      }
      expect(run.artifacts.length).toBeGreaterThanOrEqual(Math.ceil(steps.length / 3));
    }
  });
});
