import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChampionModel } from '../../src/champion/model.js';
import { scoreChampion } from '../../src/champion/predict.js';
import { createRng } from '../../src/core/rng.js';
import { Table, type Column } from '../../src/core/table.js';
import { exportChampion } from '../../src/onnx/champion.js';
import { outputColumns } from '../../src/onnx/outputs.js';
import { adversarialTable, checkParity } from '../../src/onnx/parity.js';
import { readModelInfo } from '../../src/onnx/proto.js';
import { openSession, type Session } from '../../src/onnx/session.js';
import { feedsOf } from '../../src/onnx/feeds.js';
import { allOutputs, expectedOutputs } from './expected-outputs.js';
import { randomChampion, randomTable } from './random-champion.js';

const knots = Array.from({ length: 200 }, (_, i) => Math.fround((i + 0.5) / 200));
const identity = { kind: 'identity', format: 1 } as const;
const cases = [
  ['binary', { kind: 'platt', format: 1, slope: 1.2, intercept: 0.1 }],
  [
    'binary',
    { kind: 'isotonic', format: 1, x: Float64Array.from(knots), y: Float64Array.from(knots, Math.sqrt) },
  ],
  ['multiclass', { kind: 'identity', format: 1 }],
  ['multiclass', { kind: 'temperature', format: 1, scale: 0.6 }],
  [
    'multiclass',
    {
      kind: 'vector',
      format: 1,
      scale: Float64Array.of(0.6, 1.2, 0.1),
      offset: Float64Array.of(0, -1, 0.5),
    },
  ],
  ['regression', { kind: 'identity', format: 1 }],
] as const;

describe.each(cases)('exportChampion: %s', (task, calibrator) => {
  const rng = createRng(31).split(task).split(calibrator.kind);
  const model =
    calibrator.kind === 'temperature' || calibrator.kind === 'vector'
      ? { ...randomChampion(task, identity, rng), classCalibrator: calibrator }
      : randomChampion(task, calibrator, rng);
  const typical = randomTable(300, rng);
  let session: Session;

  beforeAll(async () => {
    session = await openSession(exportChampion(model, allOutputs));
  });
  afterAll(() => session.close());

  async function compare(table: Table): Promise<void> {
    const expected = expectedOutputs(model, table);
    const parity = await checkParity(session, feedsOf(model.inputs, table), expected);
    expect(parity.maxAbsDifference, `${parity.worstOutput} of row ${parity.worstRow}`).toBeLessThan(1e-6);
  }

  it('says what the model says, of any rows', async () => {
    await compare(typical);
    await compare(adversarialTable(model, typical, rng.split('rows')));
  });

  it('is the twin of scoreChampion', async () => {
    const scores = scoreChampion(model, typical);
    const results = await session.run(feedsOf(model.inputs, typical));
    const answers = task === 'multiclass' ? scores.classProbabilities : [scores.values];
    const names = { binary: ['fake'], regression: ['prediction'], multiclass: session.outputs.slice(0, 3) }[
      task
    ];
    answers.forEach((expected, k) => {
      expected.forEach((value, i) => {
        const difference = Math.abs(results[names[k]][i] - value) / (1 + Math.abs(value));
        expect(difference, `${names[k]} of row ${i}`).toBeLessThan(1e-6);
      });
    });
  });

  it('says the same of a row alone and in any batch', async () => {
    const table = randomTable(1000, rng.split('batch'));
    const feeds = feedsOf(model.inputs, table);
    const whole = await session.run(feeds);
    for (const size of [1, 100]) {
      for (let start = 0; start < 200; start += size) {
        const batch = Object.fromEntries(
          Object.entries(feeds).map(([name, values]) => [name, values.slice(start, start + size)]),
        );
        const part = await session.run(batch);
        for (const name of session.outputs) {
          expect(part[name], `${name} from row ${start}`).toEqual(whole[name].slice(start, start + size));
        }
      }
    }
  });

  it('answers batches of nothing but missing values', async () => {
    for (const nRows of [1, 2]) {
      const nothing = Table.fromColumns(
        Object.fromEntries(
          model.inputs.map(({ name, type }): [string, Column] => [
            name,
            type === 'string'
              ? { type, values: new Array<null>(nRows).fill(null) }
              : { type, values: new Float64Array(nRows).fill(NaN) },
          ]),
        ),
      );
      await compare(nothing);
    }
  });

  it('has the inputs and outputs it promises', () => {
    const info = readModelInfo(exportChampion(model, allOutputs));
    expect(info.inputs.map(({ name }) => name)).toEqual(model.inputs.map(({ name }) => name));
    expect(info.outputs.map(({ name }) => name)).toEqual(
      outputColumns(model, allOutputs).map(({ name }) => name),
    );
    for (const { dims } of [...info.inputs, ...info.outputs]) expect(dims).toEqual(['N']);
    expect(info.outputs.every(({ type }) => type === 'float')).toBe(true);
    expect(info.opsets).toEqual({ '': 17, 'ai.onnx.ml': 3, 'com.microsoft': 1 });
    const foreign = info.operators.filter((operator) => operator.startsWith('com.microsoft.'));
    expect(new Set(foreign)).toEqual(new Set(['com.microsoft.Tokenizer', 'com.microsoft.MurmurHash3']));
    for (const banned of ['ZipMap', 'StringNormalizer', 'TfIdfVectorizer', 'Sigmoid']) {
      expect(info.operators.filter((operator) => operator.endsWith(banned))).toEqual([]);
    }
  });

  it('writes the same bytes again', () => {
    expect(exportChampion(structuredClone(model), allOutputs, { a: '1' })).toEqual(
      exportChampion(model, allOutputs, { a: '1' }),
    );
  });
});

describe('exportChampion', () => {
  const rng = createRng(6);
  const model = randomChampion('binary', { kind: 'identity', format: 1 }, rng);

  it('decides by the float32 probability that it shows', async () => {
    const table = randomTable(50, rng);
    const feeds = feedsOf(model.inputs, table);
    const open = (threshold?: number): Promise<Session> =>
      openSession(exportChampion(model, { ...allOutputs, ...(threshold !== undefined && { threshold }) }));
    const plain = await open();
    const { fake } = await plain.run(feeds);
    const exact = await open(fake[7]);
    const { prediction } = await exact.run(feeds);
    expect([...prediction]).toEqual(Array.from(fake, (p) => (p >= fake[7] ? 1 : 0)));
    expect(prediction[7]).toBe(1);
    await plain.close();
    await exact.close();
  });

  it('names what is missing', () => {
    const without = (name: string): ChampionModel => ({
      ...model,
      inputs: model.inputs.filter((input) => input.name !== name),
    });
    expect(() => exportChampion(without('followers'), allOutputs)).toThrow(
      'reads column followers, which is no input',
    );
    expect(() => exportChampion(without('language'), allOutputs)).toThrow(
      /column language, which is (not an|no) input/,
    );
    expect(() => exportChampion({ ...model, features: model.features.slice(1) }, allOutputs)).toThrow(
      'reads feature log_followers, which is not made',
    );
    expect(() => exportChampion({ ...model, inputs: [] }, allOutputs)).toThrow('reads no column');
    const clash = {
      ...allOutputs,
      probabilities: [{ name: 'bio', of: 'positive' as const, scale: 1 as const }],
    };
    expect(() => exportChampion(model, clash)).toThrow('output bio has the name of another input or output');
  });
});
