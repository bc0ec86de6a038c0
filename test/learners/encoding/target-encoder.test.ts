import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, DataError } from '../../../src/core/errors.js';
import { decodeRecord, encodeRecord } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import type { TargetEncoderModel } from '../../../src/learners/encoding/model.js';
import { encodeColumn } from '../../../src/learners/encoding/encode-column.js';
import { crossFitEncode, targetEncoder } from '../../../src/learners/encoding/target-encoder.js';
import { golden } from '../forest-encoding-golden.js';

const { texts, scored } = golden.encoder;

describe('target encoder', () => {
  it.each([
    ['regression', 1],
    ['binary', 1],
    ['multiclass', 3],
  ] as const)('encodes as scikit-learn does: %s', (task, nOutputs) => {
    const { y, encoded } = golden.encoder[task];
    const model = targetEncoder({ column: 'tier', nOutputs }).fit(texts, y);
    const columns = encodeColumn(model, scored);
    expect(columns.length).toBe(encoded.length);
    columns.forEach((column, k) =>
      column.forEach((value, i) =>
        // Relative error of float32.
        expect(Math.abs(value - encoded[k][i])).toBeLessThan(1e-7 * Math.max(1, Math.abs(encoded[k][i]))),
      ),
    );
  });

  it('names its outputs and keeps float32 values of sorted categories', () => {
    const { y } = golden.encoder.multiclass;
    const one = targetEncoder({ column: 'tier' }).fit(texts, y);
    const three = targetEncoder({ column: 'tier', nOutputs: 3 }).fit(texts, y);
    expect(one.outputs).toEqual(['target_tier']);
    expect(three.outputs).toEqual(['target_tier_0', 'target_tier_1', 'target_tier_2']);
    expect(three.categories).toEqual([...new Set(texts)].sort());
    for (const array of [three.values, three.unknown, three.missing]) {
      expect(array).toEqual(array.map(Math.fround));
    }
    expect(Object.isFrozen(three)).toBe(true);
    const decoded = decodeRecord(encodeRecord(three)) as TargetEncoderModel;
    expect(encodeColumn(decoded, scored)).toEqual(encodeColumn(three, scored));
    for (let i = 0; i < scored.length; i++) {
      const sum = encodeColumn(three, scored).reduce((total, column) => total + column[i], 0);
      // Shares of one category are smoothed each on its own and need not add up to 1, but those of all rows do.
      if (scored[i] === 'never seen') expect(sum).toBeCloseTo(1, 6);
      expect(sum).toBeGreaterThan(0);
    }
  });

  it('reads texts sanitised, blanks included; missing ones are a category', () => {
    const values = ['VN', 'vn', 'đẹp', 'ĐẸP', null, '', null, 'th'];
    const y = [1, 2, 3, 4, 10, 11, 12, 0];
    const model = targetEncoder({ column: 'c' }).fit(values, y);
    expect(model.categories).toEqual(['th', 'vn', 'đẹp']);
    const [column] = encodeColumn(model, [null, '', null, 'vN', 'vn', ' vn']);
    expect(column[0]).toBe(model.missing[0]);
    expect(column[1]).toBe(column[0]);
    expect(column[2]).toBe(column[0]);
    expect(column[3]).toBe(column[4]);
    expect(column[5]).toBe(Math.fround(43 / 8));
    expect(model.missing[0]).toBeGreaterThan(9);
    // Never seen missing: the mean of all.
    const complete = targetEncoder({ column: 'c' }).fit(['a', 'b'], [0, 4]);
    expect([...complete.missing, ...complete.unknown]).toEqual([2, 2]);
  });

  it('keeps the most frequent categories', () => {
    const values = ['a', 'b', 'b', 'c', 'd', 'd'];
    const y = [9, 1, 2, 30, 4, 5];
    const encoder = targetEncoder({ column: 'c', maxCategories: 2 });
    expect(encoder.fit(values, y).categories).toEqual(['b', 'd']);
    const model = encoder.fit(values, y);
    const mean = Math.fround((9 + 3 + 30 + 9) / 6);
    expect(encodeColumn(model, ['c', 'a'])[0]).toEqual(Float32Array.of(mean, mean));
  });

  it('weight 2 is a duplicated row, weight 0 an absent one', () => {
    const row = fc.record({
      text: fc.constantFrom('a', 'b', 'c', null),
      y: fc.integer({ min: -5, max: 5 }),
      weight: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        fc.pre(rows.some(({ weight }) => weight > 0));
        const encoder = targetEncoder({ column: 'c' });
        const pick = rows.flatMap((r) => new Array<typeof r>(r.weight).fill(r));
        const weighted = encoder.fit(
          rows.map((r) => r.text),
          rows.map((r) => r.y),
          { sampleWeight: rows.map((r) => r.weight) },
        );
        const repeated = encoder.fit(
          pick.map((r) => r.text),
          pick.map((r) => r.y),
        );
        expect(weighted.categories).toEqual(repeated.categories);
        for (const key of ['values', 'missing', 'unknown'] as const) {
          weighted[key].forEach((value, i) => expect(value).toBeCloseTo(repeated[key][i], 5));
        }
      }),
    );
  });

  it('refuses what it cannot use, by name and by row', () => {
    const make = (params: object): unknown => targetEncoder({ column: 'c', ...params });
    for (const wrong of [
      { nOutputs: 0 },
      { maxCategories: 1.5 },
      { column: '' },
      { smooth: 1 },
      { toString: 1 },
    ]) {
      expect(() => make(wrong)).toThrow(ConfigError);
      expect(() => make(wrong)).toThrow(Object.keys(wrong)[0]);
    }
    const encoder = targetEncoder({ column: 'c' });
    expect(() => encoder.fit(['a', 'b'], [0, NaN])).toThrow('y[1]=NaN');
    expect(() => encoder.fit(['a', 'b'], [0])).toThrow(DataError);
    expect(() => encoder.fit([], [])).toThrow(DataError);
    expect(() => encoder.fit(['a', 'b'], [0, 1], { sampleWeight: [1, -1] })).toThrow('sampleWeight[1]=-1');
    expect(() => targetEncoder({ column: 'c', nOutputs: 2 }).fit(['a'], [2])).toThrow('from 0 to 1');
    expect(() => crossFitEncode(encoder, ['a'], [1], { rng: createRng(1) })).toThrow('needs two folds');
    expect(() => crossFitEncode(encoder, ['a', 'b'], [1, 0], { rng: createRng(1), nFolds: 1 })).toThrow(
      'nFolds=1',
    );
  });
});

describe('cross fitting', () => {
  const { y } = golden.encoder.regression;

  it('encodes every fold by the statistics of the others', () => {
    const encoder = targetEncoder({ column: 'c' });
    const folds = texts.map((_, i) => (i * 7) % 4);
    const [encoded] = crossFitEncode(encoder, texts, y, { folds });
    const mean = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / values.length;
    const variance = (values: readonly number[]): number => mean(values.map((v) => (v - mean(values)) ** 2));
    texts.forEach((text, i) => {
      const others = y.filter((_, r) => folds[r] !== folds[i]);
      const own = y.filter((_, r) => folds[r] !== folds[i] && texts[r] === text);
      const pull = variance(others) * own.length;
      const lambda = own.length === 0 ? 0 : pull / (pull + variance(own));
      const expected = lambda * (own.length === 0 ? 0 : mean(own)) + (1 - lambda) * mean(others);
      expect(Math.abs(encoded[i] - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
    });
  });

  it('says nothing of pure noise, where encodings fitted in fold tell the target', () => {
    const rng = createRng(6);
    const n = 2000;
    const values = Array.from({ length: n }, () => `id ${rng.integer(700)}`);
    const noise = Float64Array.from({ length: n }, () => Number(rng.uniform() < 0.5));
    const encoder = targetEncoder({ column: 'id' });
    const gap = (encoded: Float32Array): number => {
      const side = (label: number): number => {
        const picked = encoded.filter((_, i) => noise[i] === label);
        return picked.reduce((s, v) => s + v, 0) / picked.length;
      };
      return side(1) - side(0);
    };
    expect(gap(encodeColumn(encoder.fit(values, noise), values)[0])).toBeGreaterThan(0.2);
    expect(Math.abs(gap(crossFitEncode(encoder, values, noise, { rng })[0]))).toBeLessThan(0.05);
  });

  it('gives a row the same encoding whatever its own target', () => {
    const row = fc.record({ text: fc.constantFrom('a', 'b', null), y: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 20 }), fc.nat(), (rows, pick) => {
        const values = rows.map((r) => r.text);
        const folds = rows.map((_, i) => i % 2);
        const targets = rows.map((r) => r.y);
        const encoder = targetEncoder({ column: 'c' });
        const [before] = crossFitEncode(encoder, values, targets, { folds });
        const i = pick % rows.length;
        targets[i] += 10;
        const [after] = crossFitEncode(encoder, values, targets, { folds });
        folds.forEach((fold, r) => {
          if (fold === folds[i]) expect(after[r]).toBe(before[r]);
        });
      }),
    );
  });

  it('weights and several outputs take part', () => {
    const { y: classes } = golden.encoder.multiclass;
    const encoder = targetEncoder({ column: 'c', nOutputs: 3 });
    const options = { rng: createRng(1), nFolds: 3 };
    const plain = crossFitEncode(encoder, texts, classes, options);
    const sampleWeight = classes.map((k) => (k === 2 ? 4 : 1));
    const weighted = crossFitEncode(encoder, texts, classes, { ...options, rng: createRng(1), sampleWeight });
    expect(plain.map((column) => column.length)).toEqual([120, 120, 120]);
    const mean = (column: Float32Array): number => column.reduce((s, v) => s + v, 0) / column.length;
    expect(mean(weighted[2])).toBeGreaterThan(mean(plain[2]) + 0.1);
  });
});
