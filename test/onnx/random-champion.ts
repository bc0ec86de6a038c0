import type { BaseModel, ChampionModel, Task } from '../../src/champion/model.js';
import { Matrix } from '../../src/core/matrix.js';
import type { Rng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { calibrate } from '../../src/ensemble/calibration/apply.js';
import type { CalibratorModel } from '../../src/ensemble/calibration/model.js';
import { stackMargins } from '../../src/ensemble/stack.js';
import { computeFeatures } from '../../src/features/columns.js';
import { category, clip, column, count, empty, entropy, indicator, length, log1p, missing, ratio, type Feature } from '../../src/features/expression.js'; // prettier-ignore
import type { CategoryEncoderModel } from '../../src/learners/encoding/model.js';
import { sanitizeText } from '../../src/core/sanitize-text.js';
import { boostingMargins } from '../../src/learners/gbm/predict.js';
import { anomalyScores } from '../../src/learners/isolation-forest/isolation-forest.js';
import type { LinearModel } from '../../src/learners/linear/model.js';
import { randomBoosting, randomIsolationForest } from './random-models.js';
import { randomTextClassifier, randomTexts, randomVectorizer, textMarginsOf } from './random-text.js';

/** Raw rows of an account: numbers with holes, a flag, a day, and texts. */
export function randomTable(nRows: number, rng: Rng): Table {
  const some = (draw: () => number): Float64Array =>
    Float64Array.from({ length: nRows }, () => (rng.integer(10) === 0 ? NaN : draw()));
  const languages = ['vi', 'en', '', 'tiếng lạ', null];
  return Table.fromColumns({
    followers: { type: 'number', values: some(() => Math.floor(Math.exp(rng.normal() * 3 + 5))) },
    'follows count': { type: 'number', values: some(() => rng.integer(5000)) },
    verified: { type: 'boolean', values: some(() => rng.integer(2)) },
    created_at: { type: 'timestamp', values: some(() => 1.5e12 + rng.integer(2e8) * 1000) },
    bio: { type: 'string', values: randomTexts(nRows, rng).map((text, i) => (i % 17 === 3 ? null : text)) },
    language: { type: 'string', values: Array.from({ length: nRows }, () => languages[rng.integer(5)]) },
  });
}

const expressions: Record<string, Feature['expression']> = {
  log_followers: log1p(column('followers')),
  log_follows: log1p(column('follows count')),
  follow_ratio: ratio(column('followers'), column('follows count')),
  verified: column('verified'),
  age: clip(ratio(column('created_at'), 365.25), 40, 60),
  no_followers: indicator(missing(column('followers'))),
  bio_length: length('bio'),
  bio_hashtags: count('bio', 'hashtags'),
  bio_emoji: count('bio', 'emoji'),
  bio_entropy: entropy('bio'),
  no_bio: indicator(empty('bio')),
  language_code: category('language', ['en', 'vi']),
};

export function randomLinear(featureNames: readonly string[], nMargins: number, rng: Rng): LinearModel {
  const draw = (n: number, f: () => number): Float64Array => Float64Array.from({ length: n }, f);
  return {
    kind: 'logistic-regression',
    format: 1,
    featureNames,
    nMargins,
    mean: draw(featureNames.length, () => 5 * rng.normal()),
    scale: draw(featureNames.length, () => 1 + 4 * rng.uniform()),
    coefficients: draw(nMargins * featureNames.length, () => 0.2 * rng.normal()),
    intercept: draw(nMargins, () => rng.normal()),
  };
}

/** A champion with every kind of base model there is. */
export function randomChampion(task: Task, calibrator: CalibratorModel, rng: Rng): ChampionModel {
  const classes = { binary: ['real', 'fake'], multiclass: ['tốt', 'tot', 'xấu!'], regression: [] }[task];
  const nMargins = task === 'multiclass' ? classes.length : 1;
  const outputs = task === 'multiclass' ? ['lang_0', 'lang_1', 'lang_2'] : ['lang'];
  const names = [...Object.keys(expressions), ...outputs];
  const texts = randomTexts(60, rng);
  const vectorizers = [
    randomVectorizer(texts, { unit: 'word', minN: 1, maxN: 2, maxLength: 100 }, 0.7, rng),
    randomVectorizer(texts, { unit: 'char', minN: 3, maxN: 4, maxLength: 80 }, 0.7, rng),
  ];
  const objective = task === 'regression' ? 'squared-error' : task;
  const bases: { name: string; model: BaseModel }[] = [
    { name: 'text', model: randomTextClassifier('bio', vectorizers, nMargins, rng) },
    { name: 'gbm', model: { ...randomBoosting(names, rng, { nMargins }), objective } },
    { name: 'few columns', model: { ...randomBoosting(['lang_0', 'age', 'log_followers'].filter((name) => names.includes(name)), rng, { nMargins }), objective } },
    { name: 'anomaly', model: randomIsolationForest(names.slice(0, 9), rng) },
    { name: 'linear', model: randomLinear(names, nMargins, rng) },
    { name: 'linear_few', model: randomLinear(['bio_length', 'age'], nMargins, rng) },
  ]; // prettier-ignore
  return {
    kind: 'champion',
    format: 1,
    task,
    classes,
    inputs: [
      { name: 'followers', type: 'number' },
      { name: 'follows count', type: 'number' },
      { name: 'verified', type: 'boolean' },
      { name: 'created_at', type: 'timestamp' },
      { name: 'bio', type: 'string' },
      { name: 'language', type: 'string' },
    ],
    features: Object.entries(expressions).map(([name, expression]) => ({
      name,
      expression,
      description: '',
      owner: 'test',
      lookBackDays: 0,
    })),
    encoders: [
      {
        kind: 'target-encoder',
        format: 1,
        column: 'language',
        outputs,
        categories: ['tiếng lạ', 'vi'],
        values: Float64Array.from({ length: 2 * outputs.length }, () => Math.fround(rng.normal())),
        unknown: Float64Array.from(outputs, () => Math.fround(rng.normal())),
        missing: Float64Array.from(outputs, () => Math.fround(rng.normal())),
      },
    ],
    bases,
    stack: {
      kind: 'linear-stack',
      format: 1,
      weights: Float64Array.from(bases, () => 0.5 * rng.normal()),
      intercept: Float64Array.from({ length: nMargins }, () => rng.normal()),
    },
    calibrator,
  };
}

/** What the champion's parts say of a table, put together by their definitions. */
export function champion(
  model: ChampionModel,
  table: Table,
): { margins: Float64Array[]; probabilities: Float64Array; bases: Float64Array[][] } {
  const encoded = model.encoders.flatMap((encoder) =>
    encodingsOf(encoder, Table.strings(table, encoder.column)),
  );
  const X = Matrix.concat(
    computeFeatures(model.features, table),
    Matrix.fromColumns(encoded, model.encoders.flatMap(({ outputs }) => outputs)),
  ); // prettier-ignore
  const bases = model.bases.map(({ model: base }) => {
    switch (base.kind) {
      case 'gradient-boosting':
        // The graph hands on boosted margins as float32.
        return boostingMargins(base, X).map((margin) => margin.map(Math.fround));
      case 'isolation-forest':
        return [anomalyScores(base, X)];
      case 'text-classifier': {
        const rows = Table.strings(table, base.column).map((text) => textMarginsOf(base, text ?? ''));
        return Array.from(base.intercept, (_, k) => Float64Array.from(rows, (row) => row[k]));
      }
      case 'logistic-regression':
      case 'ridge-regression':
        return linearMarginsOf(base, X);
    }
  });
  const margins = stackMargins(model.stack, bases);
  return { margins, probabilities: calibrate(model.calibrator, margins[0]), bases };
}

function encodingsOf(model: CategoryEncoderModel, texts: readonly (string | null)[]): Float32Array[] {
  const { categories, values, unknown, missing } = model;
  return model.outputs.map((_, o) =>
    Float32Array.from(texts, (raw) => {
      const text = sanitizeText(raw);
      if (text === '') return missing[o];
      const c = categories.indexOf(text);
      return c < 0 ? unknown[o] : values[o * categories.length + c];
    }),
  );
}

function linearMarginsOf(model: LinearModel, X: Matrix): Float64Array[] {
  const { columns } = Matrix.select(X, model.featureNames);
  return Array.from(model.intercept, (intercept, k) =>
    Float64Array.from({ length: X.nRows }, (_, i) =>
      columns.reduce((margin, column, j) => {
        const x = Number.isNaN(column[i]) ? model.mean[j] : column[i];
        return margin + (model.coefficients[k * columns.length + j] * (x - model.mean[j])) / model.scale[j];
      }, intercept),
    ),
  );
}
