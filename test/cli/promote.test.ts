import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModelRegistry } from '../../src/registry/model-registry.js';
import { openRunStore } from '../../src/registry/run-store.js';
import { scratchFolder } from '../sources/scratch.js';
import { kol, type Outcome } from './kol.js';

const folder = scratchFolder();
const promote = (...args: string[]): Promise<Outcome> => kol(folder, ['promote', '--model', 'm', ...args]);
const aliasesIn = ({ stdout }: Outcome): unknown => JSON.parse(stdout);

beforeAll(async () => {
  const runs = openRunStore(join(folder, '.kol'));
  const models = openModelRegistry(runs);
  const graphs: string[] = ['none'];
  // 1 for no champion, 2 against it, 3 held against it, 4 refused, 5 against version 2.
  for (const [decision, against] of [
    ['promote', 0],
    ['promote', 1],
    ['hold', 1],
    ['refuse', 1],
    ['promote', 2],
  ] as const) {
    const run = await runs.start({ experiment: 'm', name: decision });
    await run.logArtifact('model.onnx', `graph ${graphs.length}`);
    await run.finish('finished');
    const tags = { decision, 'kol.gate_champion': graphs[against] };
    await models.registerVersion({ name: 'm', runId: run.runId, artifacts: ['model.onnx'], tags });
    graphs.push((await models.versions('m')).at(-1)!.artifacts[0].sha256);
  }
});

describe('kol promote', () => {
  it('finds the version that a run made', async () => {
    const { runs } = await openRunStore(join(folder, '.kol')).listRuns();
    const ofDecision = (wanted: string): string => runs.find(({ name }) => name === wanted)!.runId;
    const held = await promote('--run', ofDecision('hold'));
    expect(held.stderr).toContain('the gate decided to hold version 3');
    expect(held.code).toBe(4);
    const unknown = await promote('--run', 'nobody');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('--run nobody is not in');
    expect((await promote('--run', 'nobody', '--version', '1')).stderr).toContain('give one of them');
  });

  it('takes versions that the gate let pass against the champion of today, and no others', async () => {
    const early = await promote('--version', '2');
    expect(early.code).toBe(4);
    expect(early.stderr).toContain('there is none; train or evaluate it again');
    expect(aliasesIn(await promote('--version', '1', '--json'))).toEqual({ champion: 1, previous: null });
    for (const [version, words] of [
      ['3', 'the gate decided to hold version 3'],
      ['4', 'the gate decided to refuse version 4'],
      ['5', 'version 5 was evaluated against model.onnx'],
    ]) {
      const { code, stderr } = await promote('--version', version);
      expect(stderr).toContain(words);
      expect(code).toBe(4);
    }
    expect(aliasesIn(await promote('--version', '2', '--json'))).toEqual({ champion: 2, previous: 1 });
    // The newest, against the champion that there is now.
    expect(aliasesIn(await promote('--json'))).toEqual({ champion: 5, previous: 2 });
    expect(aliasesIn(await kol(folder, ['rollback', '--model', 'm', '--json']))).toEqual({
      champion: 2,
      previous: 5,
    });
  });

  it('asks for age, approval and a reason', async () => {
    const old = await promote('--max-age', '0.0000001');
    expect(old.stderr).toContain('days old, more than 1e-7');
    expect(old.code).toBe(4);
    expect((await promote('--approval', 'approved_by')).stderr).toContain('carries no tag approved_by');
    const silent = await promote('--version', '3', '--force');
    expect(silent.code).toBe(2);
    expect(silent.stderr).toContain('--force needs --why');
    const forced = await promote('--version', '3', '--force', '--why', 'incident 12', '--json');
    expect(aliasesIn(forced)).toEqual({ champion: 3, previous: 2 });
    const { stdout } = await promote('--history');
    expect(stdout).toMatch(/rollback +2 +5 .*\n.*promote +3 +2 .* forced: incident 12/);
  });

  it('puts versions on trial beside the champion', async () => {
    const canary = await promote('--version', '2', '--canary', '5%', '--json');
    expect(aliasesIn(canary)).toMatchObject({ champion: 3, canary: { version: 2, share: 0.05 } });
    const shadow = await promote('--version', '4', '--shadow');
    expect(shadow.stdout).toContain('canary is version 2 with 5 %, shadow is version 4');
    expect((await promote('--version', '4', '--canary', '1%')).stderr).toContain(
      'the gate refused version 4',
    );
    expect((await promote('--version', '3', '--shadow')).stderr).toContain('is the champion already');
    const rest = await promote('--withdraw', 'canary', '--json');
    expect(aliasesIn(rest)).toEqual({ champion: 3, previous: 2, shadow: 4 });
    expect((await promote('--canary', '0%')).code).toBe(2);
    expect((await promote('--canary', '5%', '--shadow')).code).toBe(2);
    expect((await promote('--registry', 'mlflow')).stderr).toContain('needs MLFLOW_TRACKING_URI');
  });
});
