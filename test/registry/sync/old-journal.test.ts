import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRunStore } from '../../../src/registry/run-store.js';
import { statusOf } from '../../../src/registry/sync/run-status.js';
import { planRun } from '../../../src/registry/sync/plan-run.js';
import { temporaryFolder } from '../temporary-folder.js';

/** As the toolkit wrote it before writers had a mark and metrics a time of their own. */
const fixture = join(import.meta.dirname, '../fixtures/journal-format-1.jsonl');
const runId = '20251201T000000000Z-0123456789ab';

it('a journal of an older version is read and planned', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'runs', runId), { recursive: true });
  cpSync(fixture, join(folder, 'runs', runId, 'journal.jsonl'));
  const store = openRunStore(folder);
  const record = await store.readRun(runId);
  const run = {
    ...{
      runId: 'm',
      experimentId: '1',
      name: '',
      status: 'RUNNING',
      startedAt: 0,
      endedAt: null,
      artifactUri: '',
    },
    ...{ isDeleted: false, params: {}, tags: {}, metrics: [], datasets: [], modelIds: [] },
  };
  const local = { record, entries: 6, ...statusOf(record, 0, 0) };
  const items = planRun(local, { run, histories: {}, artifacts: [] });
  expect(items.map(({ kind }) => kind)).toEqual([
    'params',
    'datasets',
    'metrics',
    'tags',
    'status',
    'complete',
  ]);
  expect(items[2]).toMatchObject({ metrics: [{ at: 1_764_547_200_300, value: 0.9429 }, { value: NaN }] });
});

it('a run that did not end is killed where its process is gone, or silent for a day on another machine', async () => {
  const store = openRunStore(temporaryFolder());
  const { runId: own } = await store.start({ experiment: 'e', name: 'n' });
  const record = await store.readRun(own);
  expect(statusOf(record, 5, 10)).toEqual({ status: 'RUNNING', endedAt: null });
  const dead = { ...record, writer: { ...record.writer, mark: 'other/1' } };
  if (process.platform === 'linux') expect(statusOf(dead, 5, 10)).toEqual({ status: 'KILLED', endedAt: 5 });
  const elsewhere = { ...record, writer: { user: 'u', host: 'another-machine', pid: 1 } };
  const day = 24 * 3_600_000;
  expect(statusOf(elsewhere, 5, day).status).toBe('RUNNING');
  expect(statusOf(elsewhere, 5, day + 5)).toEqual({ status: 'KILLED', endedAt: 5 });
});
