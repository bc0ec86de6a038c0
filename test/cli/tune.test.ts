import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openRunStore } from '../../src/registry/run-store.js';
import type { RunRecord } from '../../src/registry/run-record.js';
import { scratchFolder } from '../sources/scratch.js';
import { csv, kol, tableHeader, tableRows } from './kol.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = scratchFolder();
const table = ['table', '--input', 'rows.csv', '--drop', 'kol_id,words,team,day,w,size,tier'];
const tune = ['tune', ...table, '--config', 'base.yaml'];
/** So many that the last ones are proposed from what the first ones showed. */
const nTrials = 10;
const trials = ['--trials', String(nTrials)];
const inStore = (name: string) => ({ environment: { KOL_STORE: join(folder, name) } });

interface Outcome {
  readonly study: string;
  readonly resumed: number;
  readonly ended: string;
  readonly trials: readonly {
    readonly number: number;
    readonly settings: object;
    readonly losses: number[];
  }[];
  readonly config: { readonly boosters: Readonly<Record<string, unknown>> };
}

async function outcomeOf(args: readonly string[], store: string): Promise<Outcome> {
  const { code, stdout, stderr } = await kol(folder, [...tune, ...args, '--json'], inStore(store));
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Outcome;
}

/** Runs a search until three of its trials are done, and kills it while others run. */
function killedSearch(store: string): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [main, ...tune, ...trials, '--threads', '2'], {
    cwd: folder,
    env: { ...process.env, ...inStore(store).environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if ((said.match(/^trial \d+/gm) ?? []).length >= 3) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
}

async function trialsIn(store: string, status: RunRecord['status']): Promise<number[]> {
  const { runs } = await openRunStore(join(folder, store)).listRuns({ experiment: 'rows-tuning' });
  const numbers = runs.filter((run) => run.status === status).map(({ tags }) => Number(tags.trial));
  return numbers.sort((a, b) => a - b);
}

beforeAll(() => {
  writeFileSync(join(folder, 'rows.csv'), csv(tableHeader, tableRows(240)));
  const boosters = '{ depth_wise: false, symmetric: false, random_splits: false }';
  writeFileSync(join(folder, 'base.yaml'), `target: label\nfolds: 2\nboosters: ${boosters}\n`);
});

describe('kol tune', () => {
  let killed: Outcome;

  it('loses no finished trial when it is killed, makes none twice, and ends as on any number of threads', async () => {
    expect(await killedSearch('killed')).toBe('SIGKILL');
    const before = await trialsIn('killed', 'finished');
    expect(before.length).toBeGreaterThanOrEqual(3);
    expect(before.length).toBeLessThan(nTrials);
    expect((await trialsIn('killed', 'running')).length).toBeGreaterThan(0);

    killed = await outcomeOf([...trials, '--threads', '2', '--out', 'tuned.yaml'], 'killed');
    expect(killed.resumed).toBe(before.length);
    expect(await trialsIn('killed', 'finished')).toEqual(Array.from({ length: nTrials }, (_, n) => n));

    const whole = await outcomeOf([...trials, '--threads', '1'], 'whole');
    expect(whole.resumed).toBe(0);
    expect(killed.trials).toEqual(whole.trials);
    expect(killed.config).toEqual(whole.config);
    // The first is what there is now; no other is like it, or like another.
    expect(whole.trials[0].settings).toEqual({});
    expect(new Set(whole.trials.map(({ settings }) => JSON.stringify(settings))).size).toBe(nTrials);
  }, 240_000);

  it('keeps trials out of the list of runs, unless they are asked for', async () => {
    const listed = async (...args: string[]): Promise<RunRecord[]> =>
      JSON.parse((await kol(folder, ['runs', '--json', ...args], inStore('killed'))).stdout) as RunRecord[];
    expect(await listed()).toEqual([]);
    const own = await listed('--study', killed.study);
    expect(own.filter(({ status }) => status === 'finished')).toHaveLength(nTrials);
    // Nor are they missed in MLflow, which is not asked here.
    const environment = { ...inStore('killed').environment, MLFLOW_TRACKING_URI: 'http://127.0.0.1:9' };
    const unsynced = await kol(folder, ['runs', '--all', '--unsynced'], { environment });
    expect(unsynced.stdout.trim()).toBe('MLflow has every run');
  });

  it('writes a configuration that kol train takes, under its seed only', async () => {
    const tuned = parse(readFileSync(join(folder, 'tuned.yaml'), 'utf8')) as Outcome['config'];
    // What was left out before stays out.
    expect(tuned.boosters).toMatchObject({ depth_wise: false, symmetric: false, random_splits: false });
    expect(tuned).toMatchObject({ tuned: { study: killed.study, trials: nTrials } });
    const train = ['train', ...table, '--config', 'tuned.yaml'];
    const trained = await kol(folder, [...train, '--json']);
    expect(trained.code, trained.stderr).toBe(0);
    const other = await kol(folder, [...train, '--seed', '8']);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('the search has seen held-out rows');
  });

  it('finishes the first trial, however short the time, and leaves what was not tried as it is', async () => {
    writeFileSync(join(folder, 'four.yaml'), 'target: label\nfolds: 2\n');
    const args = ['tune', ...table, '--config', 'four.yaml', '--time', '0.001s', '--threads', '1', '--json'];
    const { code, stdout, stderr } = await kol(folder, args, inStore('short'));
    expect(code, stderr).toBe(0);
    const outcome = JSON.parse(stdout) as Outcome;
    expect(outcome.ended).toBe('time');
    expect(outcome.trials).toMatchObject([
      { number: 0, settings: {}, losses: Array.from({ length: 2 }, () => expect.any(Number) as number) },
    ]);
    const { boosters } = outcome.config;
    expect(boosters).toEqual({ leaf_wise: {}, depth_wise: {}, symmetric: {}, random_splits: {} });
  });

  it('says which constraint cannot be kept', async () => {
    const args = [...tune, '--trials', '1', '--max-size', '0.000001'];
    const { code, stderr } = await kol(folder, args, inStore('small'));
    expect(code).toBe(2);
    expect(stderr).toContain('allow more with --max-size');
  });
});
