import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../../src/core/matrix.js';
import { importLightgbm } from '../../../../src/learners/gbm/foreign/import-lightgbm.js';
import { importXgboost } from '../../../../src/learners/gbm/foreign/import-xgboost.js';
import { shapValues } from '../../../../src/learners/gbm/shap-values.js';
import { golden, rowsOf } from './foreign-golden.js';

describe('shapValues of imported models', () => {
  const cases = golden.cases.filter(({ contributions }) => contributions !== undefined);

  it.each(cases)('are those of $engine: $name', (one) => {
    const model = one.engine === 'xgboost' ? importXgboost(one.model) : importLightgbm(one.model);
    const X = rowsOf(one, model.featureNames);
    const { expected, values } = shapValues(model, Matrix.rows(X, [...one.contributions!.keys()]));
    // XGBoost computes in float32, margins of one case are about 100.
    const tolerance = one.engine === 'xgboost' ? 2e-6 : 1e-12;
    let compared = 0;
    one.contributions!.forEach((row, i) =>
      row.forEach((contribution, k) => {
        const ours = [...values[k].map((feature) => feature[i]), expected[k]];
        const size = Math.max(1, ...contribution.map(Math.abs));
        ours.forEach((value, j) => {
          expect(Math.abs(value - contribution[j]), `row ${i} margin ${k} feature ${j}`).toBeLessThanOrEqual(
            tolerance * size,
          );
          compared++;
        });
      }),
    );
    expect(compared).toBe(6 * 7 * model.nMargins);
  });
});
