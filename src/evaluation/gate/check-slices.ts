import { delong } from '../delong.js';
import { dieboldMariano } from '../diebold-mariano.js';
import { holmAdjusted } from '../drift/holm.js';
import { formatDifference, formatNumber } from '../format-number.js';
import { normalCdf } from '../normal.js';
import { type Check, type GateContext, notApplicable } from './context.js';
import type { CheckResult, CheckVerdict } from './gate.js';
import { rowLosses } from './losses.js';
import { pairedAuc } from './paired-metrics.js';
import { commonRows, takeRows } from './common-rows.js';

const title = 'Slices';

interface Slice {
  readonly name: string;
  readonly rows: Uint32Array;
}

interface Judged {
  readonly label: string;
  /** What is won against the champion, or the metric itself where there is none. */
  readonly value: number;
  readonly threshold: number;
  readonly standardError: number;
}

/**
 * Whether any declared part of the rows drawn at random is harmed by more than the margin, or without a champion
 * below the floor: one test for each, corrected for their number by Holm's method.
 */
export const slicesCheck: Check = {
  code: 'slices',
  title,
  run(context) {
    const { subject, policy } = context;
    const { columns } = policy.slices;
    if (columns.length === 0) return [notApplicable('slices', title, 'the policy declares no slices')];
    const [on] = subject.rows;
    const given = on.slices ?? {};
    const unknown = columns.filter((column) => !Object.hasOwn(given, column));
    const judged: { slice: Slice; found: Judged }[] = [];
    const small: string[] = [];
    for (const slice of slicesOf(context)) {
      const found = judge(context, slice);
      if (found === undefined) small.push(`${slice.name} (${slice.rows.length})`);
      else judged.push({ slice, found });
    }
    const raw = judged.map(({ found: { value, threshold, standardError } }) =>
      standardError > 0 ? normalCdf((value - threshold) / standardError) : value < threshold ? 0 : 1,
    );
    const adjusted = holmAdjusted(raw);
    return [
      ...(unknown.length === 0
        ? []
        : [
            {
              code: 'slices/columns',
              title: 'Declared slices',
              value: unknown.join(', '),
              threshold: columns.join(', '),
              verdict: 'inconclusive',
              evidence: { known: Object.keys(given) },
              words: `the rows have no column ${unknown.join(', ')}, by which the policy asks to slice`,
            } as const,
          ]),
      ...judged.map((one, s) => sliceResult(one.slice, one.found, raw[s], adjusted[s], 1 - policy.level)),
      {
        code: 'slices/support',
        title: 'Slices with enough rows',
        value: judged.length,
        threshold: policy.slices.atLeast,
        verdict: judged.length > 0 ? 'pass' : 'not-applicable',
        evidence: { tooSmall: small },
        words: `${judged.length} slices judged${small.length > 0 ? `, too small to judge: ${small.join(', ')}` : ''}`,
      } as const,
    ];
  },
};

function slicesOf({ subject, policy }: GateContext): Slice[] {
  const [on] = subject.rows;
  const rows = subject.champion === null ? on.y.map((_, i) => i) : commonRows(on);
  return policy.slices.columns.flatMap((column) => {
    const texts = on.slices?.[column];
    if (texts === undefined) return [];
    const members = new Map<string, number[]>();
    for (const row of rows) {
      const key = texts[row];
      const list = members.get(key);
      if (list === undefined) members.set(key, [row]);
      else list.push(row);
    }
    return [...members]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([value, list]) => ({ name: `${column}=${value}`, rows: Uint32Array.from(list) }));
  });
}

function judge({ subject, policy }: GateContext, { rows }: Slice): Judged | undefined {
  const { atLeast, ofEachClass, margin } = policy.slices;
  if (rows.length < atLeast) return undefined;
  const { task, criterion } = subject;
  const { y, challenger, champion } = takeRows(subject.rows[0], rows);
  if (task === 'binary') {
    const positives = y.reduce((sum, label) => sum + label, 0);
    if (Math.min(positives, y.length - positives) < ofEachClass) return undefined;
    if (champion === undefined) {
      const { auc, standardError } = delong(y, challenger[0]);
      return { label: 'ROC-AUC', value: auc, threshold: policy.floor.roc_auc, standardError };
    }
    const { gain, standardError, label } = pairedAuc(y, challenger[0], champion[0]);
    return { label, value: gain, threshold: -margin, standardError };
  }
  if (champion === undefined) return undefined;
  const [own] = rowLosses(task, y, challenger, criterion);
  const [former] = rowLosses(task, y, champion, criterion);
  const { difference, standardError } = dieboldMariano(own.losses.map((loss, i) => former.losses[i] - loss));
  return { label: own.label, value: difference, threshold: -margin, standardError };
}

function sliceResult(
  { name, rows }: Slice,
  { label, value, threshold, standardError }: Judged,
  pValue: number,
  adjusted: number,
  alpha: number,
): CheckResult {
  const verdict: CheckVerdict = adjusted < alpha ? 'fail' : pValue < alpha ? 'inconclusive' : 'pass';
  const against = threshold < 0;
  const figures = `${label} ${against ? formatDifference(value) : formatNumber(value)} where ${formatNumber(threshold)} is allowed, on ${formatNumber(rows.length)} rows`;
  return {
    code: `slices/${name}`,
    title: `Slice ${name}`,
    value,
    threshold,
    verdict,
    evidence: { metric: label, nRows: rows.length, standardError, pValue, adjustedPValue: adjusted },
    words:
      verdict === 'fail'
        ? `${against ? 'harms' : 'is too weak on'} the slice ${name}: ${figures}`
        : verdict === 'inconclusive'
          ? `may ${against ? 'harm' : 'be too weak on'} the slice ${name}: ${figures}`
          : `slice ${name}: ${figures}`,
  };
}
