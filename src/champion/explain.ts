import { Matrix } from '../core/matrix.js';
import type { Table } from '../core/table.js';
import { computeFeatures } from '../features/columns.js';
import { shapValues } from '../learners/gbm/shap-values.js';
import { clipToFloat32 } from '../learners/linear/standardize.js';
import type { LinearModel } from '../learners/linear/model.js';
import { textMargins } from '../learners/text/text-classifier.js';
import { scoreBase, type DesignRows } from './base-model.js';
import { designRows } from './design.js';
import type { BaseModel, ChampionModel } from './model.js';

/** What one feature, text or whole base model adds to the margins of some rows. */
export interface Contribution {
  /** A feature, or a column of categories; `text of <column>` or the name of a base model for what has no features. */
  readonly name: string;
  /** `[nRows]` its values, for categories what they say of the target; NaN where it has none. */
  readonly values: Float64Array;
  /** `[nRows]` in units of the margin: log-odds, or the prediction (its logarithm under a log link). */
  readonly contributions: Float64Array;
}

/** Why rows have their margins: `expected` and all contributions of a row add up to its margin. */
export interface Explanation {
  /** The margin of a row of which nothing is known. */
  readonly expected: number;
  readonly parts: readonly Contribution[];
}

/**
 * Takes the stack's margin apart, before calibration: exact path-dependent SHAP values of the boosters (Lundberg et al.
 * 2020), coefficient times distance from the mean for linear models, both weighted as the stack weighs them. A text counts
 * as one part, against the empty text, and so does an isolation forest, against the score of 0.5. So does a column of categories,
 * in however many ways the base models read it.
 *
 * @param table raw columns, at least those that the champion reads
 * @param margin which margin: the class for multiclass, else 0
 * @throws {DataError} naming a column that is missing, or for a champion written before trees knew their rows
 */
export function explainChampion(model: ChampionModel, table: Table, margin = 0): Explanation {
  const rows = rowsOf(model, table);
  const parts = new Map<string, Contribution>();
  const encoders = new Map(
    model.encoders.flatMap((encoder) => encoder.outputs.map((output) => [output, encoder] as const)),
  );
  let expected = model.stack.intercept[margin];
  model.bases.forEach(({ name, model: base }, b) => {
    const weight = model.stack.weights[b];
    if (weight === 0) return;
    const own = explainBase(name, base, rows, margin);
    expected += weight * own.expected;
    for (const { name: feature, values, contributions } of own.parts) {
      const encoder = encoders.get(feature);
      const part = encoder?.column ?? feature;
      // Codes and indicators have no order that a reader could use.
      const isRead = encoder === undefined || encoder.kind === 'target-encoder';
      const known = parts.get(part) ?? {
        name: part,
        values: new Float64Array(table.nRows).fill(NaN),
        contributions: new Float64Array(table.nRows),
      };
      contributions.forEach((value, i) => (known.contributions[i] += weight * value));
      parts.set(part, isRead ? { ...known, values } : known);
    }
  });
  return { expected, parts: [...parts.values()] };
}

function rowsOf(model: ChampionModel, table: Table): DesignRows {
  const texts = model.bases.flatMap(({ model: base }) =>
    base.kind === 'text-classifier' ? [base.column] : [],
  );
  return designRows(computeFeatures(model.features, table), table, model.encoders, texts);
}

function explainBase(name: string, base: BaseModel, rows: DesignRows, margin: number): Explanation {
  switch (base.kind) {
    case 'gradient-boosting': {
      const { columns } = Matrix.select(rows.X, base.featureNames);
      const k = margin < base.nMargins ? margin : 0;
      const { expected, values } = shapValues(base, rows.X);
      return {
        expected: expected[k],
        parts: base.featureNames.map((feature, j) => ({
          name: feature,
          values: Float64Array.from(columns[j]),
          contributions: values[k][j],
        })),
      };
    }
    case 'logistic-regression':
    case 'ridge-regression':
      return explainLinear(base, rows.X, margin < base.nMargins ? margin : 0);
    case 'isolation-forest': {
      const [scores] = scoreBase(base, rows);
      return {
        expected: 0.5,
        parts: [{ name, values: scores, contributions: scores.map((score) => score - 0.5) }],
      };
    }
    case 'text-classifier': {
      const all = scoreBase(base, rows);
      const k = margin < all.length ? margin : 0;
      const silent = (textMargins(base, [''])[k] ?? [0])[0];
      return {
        expected: silent,
        parts: [
          {
            name: `text of ${base.column}`,
            values: all[k].map(() => NaN),
            contributions: all[k].map((value) => value - silent),
          },
        ],
      };
    }
  }
}

function explainLinear(model: LinearModel, X: Matrix, margin: number): Explanation {
  const { columns } = Matrix.select(X, model.featureNames);
  const { mean, scale, coefficients, intercept } = model;
  return {
    expected: intercept[margin],
    parts: model.featureNames.map((name, j) => {
      const slope = coefficients[margin * columns.length + j] / scale[j];
      const values = Float64Array.from(columns[j]);
      return {
        name,
        values,
        contributions: values.map((value) =>
          Number.isNaN(value) ? 0 : slope * (clipToFloat32(value) - mean[j]),
        ),
      };
    }),
  };
}
