import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/core/matrix.js';
import { importLightgbm } from '../../src/learners/gbm/foreign/import-lightgbm.js';
import { importXgboost } from '../../src/learners/gbm/foreign/import-xgboost.js';
import { boostingMargins } from '../../src/learners/gbm/predict.js';
import { exportTrees } from '../../src/onnx/tree-ensemble.js';
import { interopDirectory, writeGraph } from './write-graph.js';

interface Booster {
  readonly engine: 'xgboost' | 'lightgbm';
  readonly name: string;
  readonly nRows: number;
}

const directory = interopDirectory();
const bytesOf = (file: string): ArrayBuffer => new Uint8Array(readFileSync(join(directory, file))).buffer;
const boosters = JSON.parse(readFileSync(join(directory, 'boosters.json'), 'utf8')) as readonly Booster[];

/** Models that also go to Python as ONNX graphs, with the first rows. */
const exported = ['xgboost-categorical', 'xgboost-multiclass', 'lightgbm-categorical', 'lightgbm-no-missing'];
const nExported = 2000;

describe('models that train_boosters.py has just trained', () => {
  it('are all there', () => {
    expect(boosters.map(({ name }) => name)).toEqual(expect.arrayContaining(exported));
  });

  it.each(boosters)('$name: the same margins', ({ engine, name, nRows }) => {
    const text = readFileSync(join(directory, `${name}.model`), 'utf8');
    const model = engine === 'xgboost' ? importXgboost(text) : importLightgbm(text);
    const cells = new Float32Array(bytesOf(`${name}.rows`));
    const X = Matrix.fromColumns(
      model.featureNames.map((_, j) => cells.subarray(j * nRows, (j + 1) * nRows)),
      model.featureNames,
    );
    const expected = new Float64Array(bytesOf(`${name}.margins`));
    expect(expected.length).toBe(model.nMargins * nRows);
    const margins = boostingMargins(model, X);
    let differ = 0;
    margins.forEach((margin, k) =>
      margin.forEach((value, i) => (differ += value === expected[k * nRows + i] ? 0 : 1)),
    );
    expect(differ, `margins that differ, of ${expected.length}`).toBe(0);

    if (!exported.includes(name)) return;
    writeGraph(
      name,
      exportTrees(model),
      Object.fromEntries(X.names.map((column, j) => [column, X.columns[j].subarray(0, nExported)])),
      Object.fromEntries(margins.map((margin, k) => [`margin_${k}`, margin.subarray(0, nExported)])),
    );
  });
});
