import { formatNumber } from '../format-number.js';
import { type Check, notApplicable } from './context.js';
import type { CheckResult } from './gate.js';
import type { GatePolicy } from './policy.js';
import { rankCorrelation, singleInput } from './single-input.js';
import type { GateTask, ProbedInputs } from './subject.js';

const title = 'Leakage';
/** Fewer rows than this give nothing away. */
const fewestRows = 50;
/** A whole number that is drawn from a range this many times the rows is no sequence. */
const density = 10;
const longestName = 40;

/** Whether an input gives the answer away, names the rows, or tells their time. */
export const leakageCheck: Check = {
  code: 'leakage',
  title,
  run({ subject: { inputs, task }, policy }) {
    if (inputs === undefined || inputs.y.length < fewestRows || task === 'forecast') {
      return [notApplicable('leakage', title, 'there are no inputs to look at, or too few rows')];
    }
    const known = new Set([...policy.leakage.known, ...(inputs.known ?? [])]);
    const suspects = Object.entries(inputs.columns).filter(([name]) => !known.has(name));
    return [
      tooGood(task, suspects, inputs, policy),
      named(
        'id',
        'Inputs that name the row',
        'names the row',
        suspects.filter(([, values]) => isName(values, policy)),
      ),
      ...timeOf(suspects, inputs, policy),
    ];
  },
};

type Column = readonly [name: string, values: ProbedInputs['columns'][string]];

function tooGood(
  task: GateTask,
  columns: readonly Column[],
  { y }: ProbedInputs,
  policy: GatePolicy,
): CheckResult {
  const { hold, refuse } = policy.leakage.singleFeature;
  const found = columns
    .map(([name, values]) => singleInput(task, name, values, y))
    .filter((input) => input !== undefined)
    .sort((a, b) => b.lower - a.lower || (a.name < b.name ? -1 : 1));
  const best = found.at(0);
  const verdict =
    best === undefined
      ? 'not-applicable'
      : best.lower > refuse
        ? 'fail'
        : best.lower > hold
          ? 'inconclusive'
          : 'pass';
  return {
    code: 'leakage/single-feature',
    title: 'No input that is too good',
    value: best?.lower ?? null,
    threshold: hold,
    verdict,
    evidence: {
      refuse,
      strongest: found.slice(0, 5).map(({ name, value, lower }) => ({ name, value, lower })),
    },
    words:
      best === undefined
        ? 'no input could be judged by itself'
        : verdict === 'pass'
          ? `no input tells the answer by itself; the strongest, ${best.name}, reaches ${formatNumber(best.value)}`
          : `input ${best.name} alone tells the answer (${formatNumber(best.value)}): it is likely known only afterwards; if not, name it under leakage.known`,
  };
}

function named(kind: string, heading: string, does: string, columns: readonly Column[]): CheckResult {
  const names = columns.map(([name]) => name);
  const some = names.length > 0;
  return {
    code: `leakage/${kind}`,
    title: heading,
    value: some ? names.join(', ') : 'none',
    threshold: 'none',
    verdict: some ? 'fail' : 'pass',
    evidence: { inputs: names },
    words: some
      ? `input ${names.join(', ')} ${does}, which will mean nothing on other rows; leave it out, or name it under leakage.known`
      : `no input ${does}`,
  };
}

function isName(values: Column[1], { leakage }: GatePolicy): boolean {
  const present = Array.from(values as ArrayLike<string | number | null>).filter(
    (value) => value !== null && value !== '' && !Number.isNaN(value),
  );
  if (present.length < fewestRows || new Set(present).size < leakage.distinct * present.length) return false;
  if (typeof present[0] === 'string') {
    return (present as string[]).every((text) => text.length <= longestName && !/\s/.test(text));
  }
  const numbers = present as number[];
  if (!numbers.every(Number.isInteger)) return false;
  let [low, high] = [Infinity, -Infinity];
  for (const value of numbers) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low < density * numbers.length;
}

function timeOf(columns: readonly Column[], { time }: ProbedInputs, policy: GatePolicy): CheckResult[] {
  if (time === undefined) {
    return [notApplicable('leakage/time', 'Inputs that tell the time', 'the rows have no time')];
  }
  const telling = columns.filter(([, values]) => {
    const rows = Array.from(time.keys()).filter((row) => Number.isFinite(values[row]));
    if (rows.length < fewestRows) return false;
    const of = (from: Column[1] | Float64Array): number[] => rows.map((row) => from[row] as number);
    return Math.abs(rankCorrelation(of(values), of(time))) >= policy.leakage.time;
  });
  return [named('time', 'Inputs that tell the time', 'tells the time of the row', telling)];
}
