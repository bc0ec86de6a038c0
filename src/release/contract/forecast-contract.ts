import type { ForecastChampion } from '../../champion/forecast/model.js';
import type { ForecastCases, RawForecastCases } from '../forecast-cases.js';
import { shortFloat32, type ContractBatch } from './batch.js';
import { textCases } from './texts.js';

const typicalRows = 40;

/** Awkward days of a history, one after the other. */
const extremes = [NaN, Infinity, -Infinity, 0, -1, 0.25, 1, 2 ** 24 + 1, 1e9, 1e20];

/**
 * Histories that every consumer must forecast alike; a batch per case, its answers from the model itself.
 * @param cases those of the parity check, of which some are taken
 * @param answer the model's own answers under the names of the graph's outputs, `[N][horizon]`
 */
export function forecastContract(
  model: ForecastChampion,
  cases: ForecastCases,
  answer: (cases: RawForecastCases) => Readonly<Record<string, Float64Array>>,
): ContractBatch[] {
  const rowsOf = (n: number): number[] =>
    Array.from({ length: n }, (_, i) => Math.floor((i * cases.kolId.length) / n));
  const ofRows = (rows: readonly number[], kolId?: readonly (string | null)[]): RawForecastCases => ({
    history: concat(
      rows.map((i) => cases.history.subarray(i * model.history, (i + 1) * model.history)),
      model.history,
    ),
    kolId: kolId ?? rows.map((i) => cases.kolId[i]),
    start: Int32Array.from(rows, (i) => cases.start[i]),
  });
  const named = (kolId: readonly (string | null)[]): RawForecastCases => ofRows(rowsOf(kolId.length), kolId);
  const known = model.kolIds.slice(0, 4);

  const extreme = ofRows(rowsOf(extremes.length));
  const missing = ofRows(rowsOf(10));
  const nothing = named(['', null, '', null]);
  const all: [string, RawForecastCases][] = [
    ['typical', ofRows(rowsOf(typicalRows))],
    ['extreme', { ...extreme, history: extreme.history.map((value, i) => extremeDay(value, i, model)) }],
    ['null', { ...missing, history: missing.history.map((value, i) => (i % 3 === 0 ? NaN : value)) }],
    ['known-upper-case', named(known.map((id) => id.toUpperCase()))],
    ['known-nfd', named(known.map((id) => id.normalize('NFD')))],
    ...Object.entries(textCases).map(([name, texts]): [string, RawForecastCases] => [name, named(texts)]),
    ['all-empty', { ...nothing, history: nothing.history.map(() => NaN) }],
    ['one-row', ofRows([0])],
  ];
  return all.map(([name, raw]) => ({
    case: name,
    inputs: { history: rowsOfWidth(raw.history, model.history), kol_id: raw.kolId, start: [...raw.start] },
    outputs: Object.fromEntries(
      Object.entries(answer(raw)).map(([output, values]) => [output, rowsOfWidth(values, model.horizon)]),
    ),
  }));
}

/** A third of the days of row k take the k-th awkward value. */
function extremeDay(value: number, i: number, { history }: ForecastChampion): number {
  const row = Math.floor(i / history);
  return i % 3 === row % 3 ? extremes[row] : value;
}

function concat(parts: readonly Float32Array[], width: number): Float32Array {
  const joined = new Float32Array(parts.length * width);
  parts.forEach((part, i) => joined.set(part, i * width));
  return joined;
}

function rowsOfWidth(values: ArrayLike<number>, width: number): number[][] {
  const all = Array.from(values, shortFloat32);
  return Array.from({ length: all.length / width }, (_, i) => all.slice(i * width, (i + 1) * width));
}
