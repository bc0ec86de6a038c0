import type { Assessment } from '../champion/assess.js';
import { boostingCurve } from '../champion/boosting-curve.js';
import type { InputColumn } from '../champion/model.js';
import { take } from '../core/matrix.js';
import { Table } from '../core/table.js';
import { columnCounts } from '../evaluation/drift/column-counts.js';
import { measureColumn } from '../evaluation/drift/column-drift.js';
import { columnReference } from '../evaluation/drift/column-reference.js';
import { driftThresholds } from '../evaluation/drift/thresholds.js';
import {
  accountSizeOrder,
  accountSizes,
  figuresByPart,
  timeParts,
  type JudgedAnswers,
  type PartFigures,
} from '../evaluation/part-figures.js';
import type { BoostingCurve, ReportDrift } from '../evaluation/report.js';

/** What rows are parted by in a report. */
export interface Parting {
  readonly by: string;
  /** `[nRows]` the part of every row of the training. */
  readonly names: readonly string[];
  /** The parts, where they have an order of their own. */
  readonly order?: readonly string[];
}

/** When every row of the training came about. */
export interface RowTimes {
  /** What the times are, such as `month of creation`. */
  readonly by: string;
  /** `[nRows]`, larger is newer. */
  readonly values: Float64Array;
  readonly format: (time: number) => string;
}

/** Inputs that a table of shifts lists. */
const listedInputs = 20;

/** Partings by columns of a table, and by the size of the account where `followers_count` is there. */
export function partingsBy(
  table: Table,
  columns: readonly { readonly column: string; readonly by: string }[],
): Parting[] {
  const texts = columns.flatMap(({ column, by }): Parting[] => {
    if (!Object.hasOwn(table.columns, column)) return [];
    const { values } = Table.column(table, column);
    const names = Array.from<unknown, string>(values, (value) =>
      value === null || value === '' || Number.isNaN(value) ? 'unknown' : `${value as string | number}`,
    );
    return [{ by, names }];
  });
  const sizes = Object.hasOwn(table.columns, 'followers_count')
    ? [
        {
          by: 'size of the account',
          names: accountSizes(Table.numbers(table, 'followers_count')),
          order: accountSizeOrder,
        },
      ]
    : [];
  // A parting into one part says what all rows say.
  return [...texts, ...sizes].filter(({ names }) => names.some((name) => name !== names[0]));
}

/** How a judgement went on parts of its rows. */
export function partsOf(
  assessment: Assessment,
  y: Float64Array,
  partings: readonly Parting[],
): PartFigures[] {
  const answers = answersOf(assessment, y);
  return partings.map(({ by, names, order }) =>
    figuresByPart(
      by,
      answers,
      Array.from(assessment.rows, (row) => names[row]),
      order && { order },
    ),
  );
}

/** How a judgement of the newest rows went as they got newer. */
export function decayOf(assessment: Assessment, y: Float64Array, time: RowTimes): PartFigures {
  const { names, order } = timeParts(take(time.values, assessment.rows), time.format);
  return figuresByPart(time.by, answersOf(assessment, y), names, { order });
}

function answersOf({ evaluation, scores, rows }: Assessment, all: Float64Array): JudgedAnswers {
  const y = take(all, rows);
  switch (evaluation.task) {
    case 'binary':
      return { task: 'binary', y, p: scores.values, threshold: evaluation.threshold.threshold };
    case 'multiclass':
      return { task: 'multiclass', y, P: scores.classProbabilities };
    case 'regression':
      return { task: 'regression', y, prediction: scores.values };
  }
}

/** How inputs of the newest rows differ from those of the rows held out at random; times differ by their nature. */
export function inputDrift(
  inputs: readonly InputColumn[],
  table: Table,
  { rows: random }: Assessment,
  { rows: newest }: Assessment,
): ReportDrift {
  const kept = inputs.filter(({ name, type }) => type !== 'timestamp' && Object.hasOwn(table.columns, name));
  const [before, now] = [random, newest].map((rows) =>
    Table.rows(
      Table.select(
        table,
        kept.map(({ name }) => name),
      ),
      rows,
    ),
  );
  const measured = kept.flatMap(({ name }) => {
    const reference = columnReference(name, Table.column(before, name));
    const counts = columnCounts(reference);
    counts.add(Table.column(now, name));
    const { measures, missingBefore, missingNow } = measureColumn(reference, counts);
    const psi = measures.find(({ measure }) => measure === 'psi');
    if (psi === undefined || psi.lower === null || psi.upper === null) return [];
    return [{ name, psi: psi.value, lower: psi.lower, upper: psi.upper, missingBefore, missingNow }];
  });
  const { watch, drift } = driftThresholds.parse({}).psi;
  return {
    nBefore: random.length,
    nNow: newest.length,
    levels: [watch, drift],
    inputs: measured.sort((a, b) => b.psi - a.psi || (a.name < b.name ? -1 : 1)).slice(0, listedInputs),
  };
}

/** The learning curve of a judged champion, from the trees it has. */
export function boostingCurveOf(
  assessment: Assessment,
  table: Table,
  y: Float64Array,
): BoostingCurve | undefined {
  const { rows, nTrain, fitted } = assessment;
  const heldOut = new Uint8Array(table.nRows);
  rows.forEach((row) => (heldOut[row] = 1));
  const others = Uint32Array.from(y.keys()).filter((row) => heldOut[row] === 0);
  // Rows kept apart from both sides were not fitted on, and which they are is not known here.
  const train = others.length === nTrain ? others : new Uint32Array();
  return boostingCurve(fitted.model, table, y, { train, heldOut: rows });
}
