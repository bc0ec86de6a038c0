import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { createRng } from '../../core/rng.js';
import { compareBinary, type Comparison } from '../../evaluation/compare.js';
import { formatNumber } from '../../evaluation/format-number.js';
import type { ParamValue } from '../../registry/journal-entry.js';
import type { RunRecord } from '../../registry/run-record.js';
import { readHeldOut, type HeldOut } from '../../release/held-out.js';
import { common } from '../option-types.js';
import type { CliSession } from '../session.js';
import { comparisonTable, textTable, wrap } from '../summary.js';

/** Fewer common held-out rows than this compare nothing. */
const leastRows = 200;

/** What two runs differ in. */
interface RunComparison {
  readonly a: string;
  readonly b: string;
  readonly params: Readonly<Record<string, readonly [a: ParamValue | null, b: ParamValue | null]>>;
  readonly metrics: Readonly<Record<string, readonly [a: number | null, b: number | null]>>;
  /** On the rows held out from both; empty where there are too few. */
  readonly paired: { readonly rows: number; readonly comparisons: readonly Comparison[] };
}

/** `kol compare` */
export function compareCommand(session: CliSession): Command {
  return new Command('compare')
    .description('put two runs side by side: parameters, figures, and both on the rows held out from both')
    .argument('<run>', 'a run of kol runs, or the beginning of its id')
    .argument('<other>', 'the run to compare it with')
    .addOption(common.json())
    .addHelpText('after', '\nExample:\n  kol runs\n  kol compare 20261126T01 20261125T22')
    .action(async (first: string, second: string, { json }: { json?: boolean }) => {
      const [a, b] = await Promise.all([first, second].map((id) => session.runs.readRun(id)));
      const compared = await compareRuns(a, b, session);
      session.print(json ? JSON.stringify(compared, null, 2) : inWords(compared));
    });
}

async function compareRuns(a: RunRecord, b: RunRecord, session: CliSession): Promise<RunComparison> {
  const names = [...new Set([...Object.keys(a.params), ...Object.keys(b.params)])].sort();
  const figures = [...new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)])].sort();
  const last = (run: RunRecord, name: string): number | null => run.metrics[name]?.at(-1)?.value ?? null;
  return {
    a: a.runId,
    b: b.runId,
    params: Object.fromEntries(
      names
        .filter((name) => a.params[name] !== b.params[name])
        .map((name) => [name, [a.params[name] ?? null, b.params[name] ?? null]]),
    ),
    metrics: Object.fromEntries(figures.map((name) => [name, [last(a, name), last(b, name)]])),
    paired: pair(await heldOutOf(a, session), await heldOutOf(b, session)),
  };
}

async function heldOutOf(run: RunRecord, session: CliSession): Promise<HeldOut> {
  if (run.artifacts.every(({ path }) => path !== 'held-out.csv')) return new Map();
  const text = await readFile(session.runs.artifactPath(run.runId, 'held-out.csv'), 'utf8');
  // A forecaster keeps its errors under the same name.
  return text.startsWith('key,y,p\n') ? readHeldOut(text) : new Map();
}

function pair(a: HeldOut, b: HeldOut): RunComparison['paired'] {
  const common = [...a].flatMap(([key, row]) => {
    const other = b.get(key);
    return other?.y === row.y ? [{ y: row.y, a: row.p, b: other.p }] : [];
  });
  const y = common.map((row) => row.y);
  const positives = y.filter((label) => label === 1).length;
  if (y.length < leastRows || positives === 0 || positives === y.length) {
    return { rows: y.length, comparisons: [] };
  }
  const scores = { a: common.map((row) => row.a), b: common.map((row) => row.b) };
  return { rows: y.length, comparisons: compareBinary({ y, ...scores, rng: createRng(7) }) };
}

function inWords({ a, b, params, metrics, paired }: RunComparison): string {
  const show = (value: ParamValue | null): string => (value === null ? '' : String(value));
  const number = (value: number | null): string => (value === null ? '' : formatNumber(value));
  const differing = Object.entries(params);
  return [
    `a  ${a}`,
    `b  ${b}`,
    '',
    differing.length === 0 ? 'Parameters: the same' : 'Parameters that differ:',
    ...(differing.length === 0
      ? []
      : [textTable([['', 'a', 'b'], ...differing.map(([name, [x, y]]) => [`  ${name}`, show(x), show(y)])])]),
    '',
    textTable([
      ['', 'a', 'b'],
      ...Object.entries(metrics)
        .filter(([name]) => !/_(lower|upper)$/.test(name))
        .map(([name, [x, y]]) => [`  ${name}`, number(x), number(y)]),
    ]),
    '',
    ...(paired.comparisons.length > 0
      ? [`a against b on ${paired.rows} rows held out from both:`, comparisonTable(paired.comparisons, 'b')]
      : [
          wrap(
            `Only ${paired.rows} rows were held out from both, too few to compare them row by row: the figures above stand side by side, they are no test.`,
            78,
            '',
          ),
        ]),
  ].join('\n');
}
