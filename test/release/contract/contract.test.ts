import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import { exportChampion } from '../../../src/onnx/champion.js';
import {
  contractNumber,
  readContract,
  shortFloat32,
  writeContract,
} from '../../../src/release/contract/batch.js';
import { championContract } from '../../../src/release/contract/champion-contract.js';
import { proveContract, verifyContract } from '../../../src/release/contract/verify.js';
import { allOutputs } from '../../onnx/expected-outputs.js';
import { randomChampion, randomTable } from '../../onnx/random-champion.js';

const rng = createRng(5);
const table = randomTable(300, rng.split('rows'));
const identity = { kind: 'identity', format: 1 } as const;
const allCases = [
  'typical',
  'extreme',
  'null',
  'vietnamese-nfc',
  'vietnamese-nfd',
  'emoji',
  'hostile',
  'empty',
  'very-long',
  'all-empty',
  'one-row',
];

describe.each(['binary', 'multiclass', 'regression'] as const)('the contract of a %s champion', (task) => {
  const model = randomChampion(task, identity, rng.split(task));
  const onnx = exportChampion(model, allOutputs);
  const batches = championContract([{ model, plan: allOutputs }], table, createRng(1));
  const text = writeContract(batches);

  it('holds every case, about 200 rows, raw', () => {
    expect(batches.map((batch) => batch.case)).toEqual(allCases);
    const rows = batches.flatMap(({ inputs }) => inputs.bio);
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.length).toBeLessThan(250);
    expect(rows).toContain(null);
    expect(rows).toContain('lone \ud800 surrogate');
    expect(rows.some((value) => typeof value === 'string' && value.length >= 5_000)).toBe(true);
    const ofCase = (name: string): unknown[] =>
      Object.values(batches.find((batch) => batch.case === name)?.inputs ?? {}).flat();
    expect(ofCase('vietnamese-nfd')).toContain('Nguyễn Thị Đặng Ỷ'.normalize('NFD'));
    expect(ofCase('all-empty').every((value) => value === '' || value === null || Number.isNaN(value))).toBe(
      true,
    );
    expect(batches.at(-1)?.inputs.bio).toHaveLength(1);
  });

  it('is kept by the graph, and written alike each time', async () => {
    const parity = await proveContract(onnx, text);
    expect(parity.maxAbsDifference).toBeLessThan(1e-5);
    expect(parity.nRows).toBe(batches.reduce((sum, { inputs }) => sum + inputs.bio.length, 0));
    expect(parity.nBatches).toBe(allCases.length);
    expect(writeContract(championContract([{ model, plan: allOutputs }], table, createRng(1)))).toBe(text);
    expect(writeContract(readContract(text))).toBe(text);
  });

  it('names every output except the decision', () => {
    const named = Object.keys(batches[0].outputs);
    expect(named.length).toBeGreaterThan(6);
    expect(named).not.toContain(task === 'binary' ? 'prediction' : '');
  });

  it('fails where a single answer is off', async () => {
    const lines = text.split('\n');
    const at = allCases.indexOf('emoji');
    const batch = JSON.parse(lines[at]) as { outputs: Record<string, number[]> };
    const [name] = Object.keys(batch.outputs);
    batch.outputs[name][2] += 1e-3 * Math.max(1, Math.abs(batch.outputs[name][2]));
    lines[at] = JSON.stringify(batch);
    const changed = lines.join('\n');
    expect(await verifyContract(onnx, changed)).toMatchObject({
      worstCase: 'emoji',
      worstOutput: name,
      worstRow: 2,
    });
    await expect(proveContract(onnx, changed)).rejects.toThrow(
      `in ${name} of row 2 of the case emoji; at most 0.00001 is allowed`,
    );
  });

  it('fails for a graph of other weights', async () => {
    const other = exportChampion(randomChampion(task, identity, createRng(77)), allOutputs);
    await expect(proveContract(other, text)).rejects.toThrow('differs from contract.jsonl');
  });
});

describe('contract.jsonl', () => {
  it.each([
    ['<html>', 1],
    ['{"case":"a","inputs":{"x":[1]},"outputs":{"y":[1]}}\n{"history":[1],"yhat":[2]}\n', 2],
    ['{"case":"a","inputs":{"x":[1]},"outputs":{"y":[1,2]}}\n', 1],
    ['{"case":"a","inputs":{},"outputs":{}}\n', 1],
    ['null\n', 1],
    ['{"case":"a","inputs":{"x":[1]},"outputs":{"y":[1]}}\n{"case":"b","inp', 2],
  ])('is refused where it is %j, naming the line', (text, line) => {
    expect(() => readContract(text)).toThrow(`contract.jsonl line ${line}: expected {"case"`);
  });

  it('names the column that file and graph do not share', async () => {
    const model = randomChampion('regression', identity, createRng(2));
    const onnx = exportChampion(model, allOutputs);
    const [batch] = championContract([{ model, plan: allOutputs }], table, createRng(1));
    const { bio, ...rest } = batch.inputs;
    await expect(verifyContract(onnx, writeContract([{ ...batch, inputs: rest }]))).rejects.toThrow(
      'lacks the column bio',
    );
    await expect(
      verifyContract(onnx, writeContract([{ ...batch, inputs: { ...batch.inputs, biography: bio } }])),
    ).rejects.toThrow('has a column biography');
  });

  it('carries missing and infinite numbers, and every float32 in few digits', () => {
    const values = [NaN, Infinity, -Infinity, 0.1, 1e-45, 3.4028234663852886e38, 16_777_217, -1.5, 1 / 3];
    const text = writeContract([
      { case: 'a', inputs: { x: values.map(shortFloat32) }, outputs: { y: values } },
    ]);
    expect(text).toContain('"x":[null,"Infinity","-Infinity",0.1,');
    const [{ inputs }] = readContract(text);
    expect(inputs.x.map((value) => Math.fround(contractNumber(value as number | string | null)))).toEqual(
      values.map(Math.fround),
    );
  });
});
