import { describe, expect, it } from 'vitest';
import type { AliasChange } from '../../../src/registry/aliases.js';
import type { MlflowRun } from '../../../src/registry/mlflow/runs.js';
import type { RunRecord } from '../../../src/registry/run-record.js';
import { planAliases } from '../../../src/registry/sync/plan-aliases.js';
import { firstTags, historiesNeeded, planRun, type LocalRun } from '../../../src/registry/sync/plan-run.js';

const record: RunRecord = {
  ...{ runId: 'r1', key: 'key-1', experiment: 'e', name: 'n', status: 'finished', message: null },
  ...{ startedAt: 1_000, endedAt: 9_000, writer: { user: 'u', host: 'h', pid: 1 }, tornBytes: 0 },
  params: { rows: 5, flag: true },
  tags: { decision: 'promote' },
  metrics: {
    auc: [{ value: 0.9, step: 0, at: 2_000 }],
    // Twice the same within a millisecond, which a database keeps once.
    loss: [
      { value: 1, step: 0, at: 2_000 },
      { value: 1, step: 0, at: 2_000 },
      { value: NaN, step: 1, at: 2_001 },
    ],
  },
  datasets: [{ name: 't', digest: 'd', source: '{}', schema: {}, role: 'training' }],
  artifacts: [{ path: 'a.txt', sha256: 'f'.repeat(64), size: 3 }],
};
const local: LocalRun = { record, entries: 8, status: 'FINISHED', endedAt: 9_000 };
const fresh: MlflowRun = {
  ...{ runId: 'm', experimentId: '1', name: 'n', status: 'RUNNING', startedAt: 1_000, endedAt: null },
  ...{ artifactUri: 'mlflow-artifacts:/1/m', isDeleted: false, params: {}, tags: firstTags(local) },
  ...{ metrics: [], datasets: [], modelIds: [] },
};

/** What MLflow has after the items of a plan. */
function after(run: MlflowRun, items: ReturnType<typeof planRun>): MlflowRun {
  return items.reduce((now: MlflowRun, item): MlflowRun => {
    if (item.kind === 'params') return { ...now, params: { ...now.params, ...item.params } };
    if (item.kind === 'tags') return { ...now, tags: { ...now.tags, ...item.tags } };
    if (item.kind === 'metrics') return { ...now, metrics: [...now.metrics, ...item.metrics] };
    if (item.kind === 'datasets')
      return { ...now, datasets: [...now.datasets, ...item.datasets.map((set) => ({ ...set, tags: {} }))] };
    if (item.kind === 'status') return { ...now, status: item.status, endedAt: item.endedAt };
    if (item.kind === 'complete')
      return { ...now, tags: { ...now.tags, 'kol.synced': String(item.entries) } };
    return now;
  }, run);
}

const historiesOf = (run: MlflowRun) =>
  Object.fromEntries(run.metrics.map(({ key }) => [key, run.metrics.filter((m) => m.key === key)]));

describe('the plan of a run', () => {
  const whole = planRun(local, { run: fresh, histories: {}, artifacts: [] });

  it('sends everything, and says last that it is complete', () => {
    expect(whole.map(({ kind }) => kind)).toEqual([
      'params',
      'datasets',
      'metrics',
      'tags',
      'artifact',
      'status',
      'complete',
    ]);
    expect(whole[0]).toMatchObject({ params: { rows: '5', flag: 'true' } });
    expect(whole[2]).toMatchObject({
      metrics: [{ at: 2_000 }, { at: 2_000 }, { at: 2_001, value: 1 }, { at: 2_001, value: NaN }],
    });
    expect(whole.at(-1)).toEqual({ kind: 'complete', entries: 8 });
  });

  it.each(Array.from(whole, (_, i) => i + 1))('sends the rest after %i items', (count) => {
    const run = after(fresh, whole.slice(0, count));
    const artifacts = count > 4 ? [{ path: 'a.txt', size: 3 }] : [];
    const rest = planRun(local, { run, histories: historiesOf(run), artifacts });
    const expected = whole.slice(count);
    // An artifact of the right size is read back again, until the run is complete.
    const isAgain = count > 4 && count < whole.length;
    expect(rest.filter(({ kind }) => kind !== 'artifact')).toEqual(
      expected.filter(({ kind }) => kind !== 'artifact'),
    );
    expect(rest.filter(({ kind }) => kind === 'artifact')).toHaveLength(isAgain || count <= 4 ? 1 : 0);
    if (isAgain) expect(rest[0]).toMatchObject({ kind: 'artifact', isThere: true });
  });

  it('asks for histories only where several values may be there in part', () => {
    expect(historiesNeeded(local, fresh)).toEqual([]);
    expect(historiesNeeded(local, after(fresh, whole))).toEqual(['loss']);
  });

  it('leaves a run open that goes on', () => {
    const items = planRun(
      { ...local, status: 'RUNNING', endedAt: null },
      { run: fresh, histories: {}, artifacts: [] },
    );
    expect(items.map(({ kind }) => kind)).not.toEqual(expect.arrayContaining(['complete']));
  });
});

describe('the plan of aliases', () => {
  const change = (generation: number, from: number | null, to: number): AliasChange => ({
    ...{ format: 1, generation, action: 'promote', at: 0, by: 'x', why: '' },
    from: { champion: from, previous: null },
    to: { champion: to, previous: from },
  });
  const changes = [change(1, null, 1), change(2, 1, 2), change(3, 2, 1)];
  const champion = (local: number | null) => ({ remote: 70 + (local ?? 9), local });

  it('moves what nobody else moved, previous included', () => {
    const move = { kind: 'move', champion: 1, previous: 2, generation: 3 };
    expect(planAliases(changes, { champion: null, previous: null, replayed: 0 })).toEqual(move);
    expect(planAliases(changes, { champion: champion(2), previous: null, replayed: 2 })).toEqual(move);
    // Killed between the alias and its note.
    expect(planAliases(changes, { champion: champion(1), previous: null, replayed: 2 })).toEqual(move);
  });

  it('does nothing twice, also where the champion was moved by hand since', () => {
    expect(planAliases([], { champion: null, previous: null, replayed: 0 })).toEqual({ kind: 'none' });
    expect(planAliases(changes, { champion: champion(2), previous: null, replayed: 3 })).toEqual({
      kind: 'none',
    });
  });

  it('holds where somebody else moved the champion before', () => {
    for (const remote of [
      { champion: champion(null), previous: null, replayed: 0 },
      { champion: champion(null), previous: null, replayed: 2 },
      { champion: champion(7), previous: null, replayed: 2 },
      { champion: null, previous: null, replayed: 2 },
    ])
      expect(planAliases([...changes, change(4, 1, 5)], remote)).toMatchObject({ kind: 'held' });
  });
});
