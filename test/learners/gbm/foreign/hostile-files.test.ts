import fc from 'fast-check';
import { describe, it } from 'vitest';
import { DataError } from '../../../../src/core/errors.js';
import { Matrix } from '../../../../src/core/matrix.js';
import { importLightgbm } from '../../../../src/learners/gbm/foreign/import-lightgbm.js';
import { importXgboost } from '../../../../src/learners/gbm/foreign/import-xgboost.js';
import type { GradientBoostingModel } from '../../../../src/learners/gbm/model.js';
import { boostingMargins } from '../../../../src/learners/gbm/predict.js';
import { casesOf, oldXgboost } from './foreign-golden.js';

/** What a file may have in place of a few characters. */
const splinters = [
  '',
  '0',
  '-1',
  '9',
  '1e9',
  '4294967296',
  '1e400',
  'NaN',
  'nan',
  'null',
  '[]',
  '{}',
  '"',
  '=',
  ' ',
  '\n',
  '\\',
  '[[[[',
  '-',
  '.',
  '\u0000',
  '__proto__',
] as const;

/** A file cut short, or with up to four of its places overwritten. */
const damage = fc.record({
  keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  wounds: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.constantFrom(0, 1, 1, 2, 7, 300),
      by: fc.constantFrom(...splinters),
    }),
    { maxLength: 4 },
  ),
});

function damaged(
  text: string,
  { keep, wounds }: typeof damage extends fc.Arbitrary<infer T> ? T : never,
): string {
  let out = text.slice(0, Math.ceil(keep * text.length));
  for (const { at, length, by } of wounds) {
    const start = Math.floor(at * out.length);
    out = out.slice(0, start) + by + out.slice(start + length);
  }
  return out;
}

/** Whatever is accepted must also predict; whatever is not must be refused as data. */
function readOrRefuse(read: () => GradientBoostingModel): void {
  let model;
  try {
    model = read();
  } catch (error) {
    if (error instanceof DataError) return;
    throw error;
  }
  const rows = [NaN, 0, 1, -1, 40, Infinity];
  boostingMargins(
    model,
    Matrix.fromColumns(
      model.featureNames.map(() => rows),
      model.featureNames,
    ),
  );
}

describe('damaged files', () => {
  it('of XGBoost are refused as data or read', () => {
    const files = [...casesOf('xgboost'), ...oldXgboost].map(({ model }) => model);
    fc.assert(
      fc.property(fc.constantFrom(...files), damage, (text, how) => {
        readOrRefuse(() => importXgboost(damaged(text, how)));
      }),
      { numRuns: 800 },
    );
  });

  it('of XGBoost are, for any value in place of another', () => {
    const files = casesOf('xgboost').map(({ model }) => model);
    const values = [null, true, -1, 0, 1e9, 0.5, '', 'x', '-1', '1000000000', [], [0], {}, [[]]] as const;
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.constantFrom(...values), (text, seed, value) => {
        const file: unknown = JSON.parse(text);
        // Walks down from the root, taking turns by the digits of the seed.
        let at = file as Record<string, unknown>;
        let rest = seed;
        for (;;) {
          const keys = Object.keys(at);
          if (keys.length === 0) break;
          const key = keys[rest % keys.length];
          rest = Math.floor(rest / keys.length) || (rest * 7 + 3) % 1009;
          const next = at[key];
          if (typeof next === 'object' && next !== null && Object.keys(next).length > 0 && rest % 5 !== 0) {
            at = next as Record<string, unknown>;
          } else {
            at[key] = value;
            break;
          }
        }
        readOrRefuse(() => importXgboost(file as object));
      }),
      { numRuns: 800 },
    );
  });

  it('of LightGBM are refused as data or read', () => {
    const files = casesOf('lightgbm').map(({ model }) => model);
    fc.assert(
      fc.property(fc.constantFrom(...files), damage, (text, how) => {
        readOrRefuse(() => importLightgbm(damaged(text, how)));
      }),
      { numRuns: 1500 },
    );
  });
});
