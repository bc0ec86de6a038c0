import type { ForecastAccuracy } from '../champion/forecast/accuracy.js';
import { members, type ForecastChampion } from '../champion/forecast/model.js';
import { forecastChampion } from '../champion/forecast/predict.js';
import { ExportError } from '../core/errors.js';
import { encodeRecord, sha256 } from '../core/record.js';
import { formatNumber, formatShare } from '../evaluation/format-number.js';
import type { Gate } from '../evaluation/gate/gate.js';
import type { ServingFacts } from '../evaluation/gate/subject.js';
import type { MetricEstimate } from '../evaluation/metric.js';
import { exportForecast, outputNames } from '../onnx/forecast.js';
import { checkParity, type Parity } from '../onnx/parity.js';
import { openSession, type SessionColumns } from '../onnx/session.js';
import { toolkitVersion } from '../version.js';
import type { Lineage } from '../core/lineage.js';
import type { ForecastFigures } from '../evaluation/forecast/figures.js';
import { renderReport } from '../evaluation/report-html.js';
import type { Report } from '../evaluation/report.js';
import type { OutputColumn, UseInWords } from './card.js';
import { chartRuntime } from './chart-runtime.js';
import { writeContract } from './contract/batch.js';
import { forecastContract } from './contract/forecast-contract.js';
import { proveContract } from './contract/verify.js';
import type { ForecastCases, RawForecastCases } from './forecast-cases.js';
import { writeForecastRecord } from './forecast-record.js';
import { measureFeeds } from './measure-serving.js';
import { cardSections } from './model-card-text.js';
import { lineagePairs, reportSources, reproduceLines } from './report.js';

/** Largest difference between the TypeScript reading and the graph, relative to the value where that is above 1. */
const parityLimit = 1e-5;

/** What a forecast graph carries, and `model.json` repeats beside the figures. */
export interface ForecastCard {
  readonly format: 1;
  readonly name: string;
  readonly task: 'forecast';
  readonly metric: string;
  readonly goal: ForecastChampion['goal'];
  readonly horizon: number;
  readonly history: number;
  readonly levels: readonly number[];
  readonly inputs: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly string[];
  }[];
  readonly outputs: readonly OutputColumn[];
  readonly nKols: number;
  /** SHA-256 of the inputs' names, types and shapes. */
  readonly schemaHash: string;
  readonly toolkitVersion: string;
  readonly seed: number;
  readonly trainingSnapshot: string;
}

/** `model.json` of a forecaster. */
export interface ForecastModelCard extends ForecastCard {
  readonly assessments: readonly {
    readonly title: string;
    readonly note: string;
    readonly firstDay: string;
    readonly nKols: number;
    readonly criterion: ForecastAccuracy['criterion'];
    readonly bias: number;
    readonly metrics: readonly MetricEstimate[];
  }[];
  /** Mean weight of each member over the horizon, for KOLs that the training knew and for others. */
  readonly weights: Readonly<Record<'known' | 'unknown', Readonly<Record<string, number>>>>;
  readonly parity: { readonly maxAbsDifference: number; readonly nRows: number };
  readonly use: UseInWords;
  /** The command that makes it again. */
  readonly command: string;
  readonly lineage: Lineage;
  readonly sha256: Readonly<Record<string, string>>;
}

export interface ForecastRelease {
  readonly card: ForecastModelCard;
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly parity: Parity;
  readonly gate: Gate;
}

/** What of a forecaster is known only once its graph is made. */
export interface MeasuredForecaster {
  readonly card: ForecastCard;
  readonly parity: Parity;
  readonly serving: ServingFacts;
}

export interface ForecastReleaseInput {
  readonly name: string;
  readonly seed: number;
  readonly model: ForecastChampion;
  readonly accuracy: ForecastAccuracy;
  /** The same window, forecast as if every KOL were unknown. */
  readonly accuracyUnknown: ForecastAccuracy;
  /** Epoch day on which the held-out window began. */
  readonly heldOutDay: number;
  readonly lineage: Lineage;
  readonly cases: ForecastCases;
  /** The held-out window step by step and series by series. */
  readonly figures: ForecastFigures;
  readonly use: UseInWords;
  readonly command: string;
  readonly usage: readonly string[];
  /** Whether this may become champion. */
  readonly judge: (measured: MeasuredForecaster) => Promise<Gate>;
}

/**
 * Compiles a forecaster into one graph, proves on the cases given that the graph says what the model says, and
 * describes it.
 * @throws {ExportError} when graph and model differ by more than 1e-5
 */
export async function buildForecastRelease(input: ForecastReleaseInput): Promise<ForecastRelease> {
  const { model, lineage, accuracy, cases, heldOutDay } = input;
  const card = cardOf(input);
  const onnx = exportForecast(model, { kol: JSON.stringify(card) });
  const expected = expectedOutputs(model, cases);
  const parity = await parityOf(onnx, cases, expected);
  const contract = writeContract(forecastContract(model, cases, (raw) => expectedOutputs(model, raw)));
  await proveContract(onnx, contract);
  const full: ForecastModelCard = {
    ...card,
    assessments: [
      assessmentOf(
        'Newest window',
        'forecast by a champion that ended the day before, its weights and intervals learned on the windows before; intervals over KOLs',
        input.accuracy,
        heldOutDay,
      ),
      assessmentOf(
        'Newest window, as if every KOL were unknown',
        'from the history alone: the boosted lags had learned from these KOLs, the blend and the intervals had no name',
        input.accuracyUnknown,
        heldOutDay,
      ),
    ],
    weights: { known: meanWeights(model.known.weights), unknown: meanWeights(model.unknown.weights) },
    parity: { maxAbsDifference: parity.maxAbsDifference, nRows: parity.nRows },
    use: input.use,
    command: input.command,
    lineage,
    sha256: { 'model.onnx': sha256(onnx) },
  };
  const serving = await measureFeeds(onnx, (at) => forecastFeeds(caseAt(cases, at % cases.kolId.length)));
  const gate = await input.judge({ card, parity, serving });
  const report = forecastReport(full, gate, input);
  return {
    card: full,
    parity,
    gate,
    files: {
      'model.onnx': onnx,
      'model.json': `${JSON.stringify(full, null, 2)}\n`,
      'champion.kolr': encodeRecord(model),
      'report.html': renderReport(report, await chartRuntime()),
      'report.json': `${JSON.stringify(report)}\n`,
      'contract.jsonl': contract,
      'gate.json': `${JSON.stringify(gate, null, 2)}\n`,
      'held-out.csv': writeForecastRecord(model.kolIds, heldOutDay, accuracy.error),
    },
  };
}

/** What a person should know about a forecaster, figures first. */
function forecastReport(
  card: ForecastModelCard,
  gate: Gate,
  { figures, usage, accuracy }: ForecastReleaseInput,
): Report {
  const weights = Object.entries(card.weights.known)
    .map(([name, weight]) => `${name} ${weight.toFixed(2)}`)
    .join(', ');
  return {
    title: card.name,
    subtitle: `${card.goal === 'mean' ? 'Mean' : 'Median'} of the daily ${card.metric} of ${formatNumber(card.nKols)} KOLs, ${card.horizon} days ahead`,
    facts: [
      ['Blend', weights],
      ['Reads', `${card.history} days`],
      ['Bias of the newest window', `${accuracy.bias > 0 ? '+' : ''}${formatShare(accuracy.bias)}`],
      [
        'ONNX against TypeScript',
        `at most ${card.parity.maxAbsDifference.toExponential(1)} apart on ${card.parity.nRows} histories`,
      ],
    ],
    verdict: `${gate.decision}: ${gate.reason}.`,
    gate,
    sections: [],
    comparison: gate.comparisons,
    importance: [],
    forecast: figures,
    card: cardSections(card),
    sources: reportSources(card.lineage),
    lineage: lineagePairs(card),
    reproduce: reproduceLines(card),
    howToUse: usage,
  };
}

function assessmentOf(
  title: string,
  note: string,
  { nKols, criterion, metrics, bias }: ForecastAccuracy,
  firstDay: number,
): ForecastModelCard['assessments'][number] {
  const day = new Date(firstDay * 86_400_000).toISOString().slice(0, 10);
  return { title, note, firstDay: day, nKols, criterion, bias, metrics };
}

/** Cases as the graph takes them. */
export function forecastFeeds({ history, kolId, start }: ForecastCases): SessionColumns {
  return { history, kol_id: kolId, start: BigInt64Array.from(start, BigInt) };
}

/** One case by itself. */
function caseAt({ history, kolId, start }: ForecastCases, at: number): ForecastCases {
  const length = history.length / kolId.length;
  return {
    history: history.slice(at * length, (at + 1) * length),
    kolId: [kolId[at]],
    start: start.slice(at, at + 1),
  };
}

/** The model's own answers under the names of the graph's outputs. */
export function expectedOutputs(
  model: ForecastChampion,
  cases: RawForecastCases,
): Record<string, Float64Array> {
  const { yhat, intervals } = forecastChampion(model, cases.history, cases.kolId, cases.start);
  const values = [yhat, ...intervals.flatMap(({ lower, upper }) => [lower, upper])];
  return Object.fromEntries(outputNames(model).map((name, k) => [name, values[k]]));
}

async function parityOf(
  onnx: Uint8Array,
  cases: ForecastCases,
  expected: Record<string, Float64Array>,
): Promise<Parity> {
  const session = await openSession(onnx);
  try {
    const parity = await checkParity(session, forecastFeeds(cases), expected);
    if (parity.maxAbsDifference <= parityLimit) return parity;
    throw new ExportError(
      `the ONNX graph differs from the model by ${parity.maxAbsDifference} in ${parity.worstOutput} of KOL ${cases.kolId[parity.worstRow]}; at most ${parityLimit} is allowed. This is a defect of the exporter: please report it with the data that shows it`,
    );
  } finally {
    await session.close();
  }
}

function cardOf({ name, seed, model, lineage }: ForecastReleaseInput): ForecastCard {
  const inputs = [
    { name: 'history', type: 'float32', shape: ['N', String(model.history)] },
    { name: 'kol_id', type: 'string', shape: ['N'] },
    { name: 'start', type: 'int64', shape: ['N'] },
  ];
  const what = model.goal === 'mean' ? 'mean' : 'median';
  return {
    format: 1,
    name,
    task: 'forecast',
    metric: model.metric,
    goal: model.goal,
    horizon: model.horizon,
    history: model.history,
    levels: model.known.intervals.map(({ level }) => level),
    inputs,
    outputs: outputNames(model).map((output) => ({
      name: output,
      description:
        output === 'yhat'
          ? `${what} of the ${model.metric} of each day, from start on`
          : `${output.includes('lower') ? 'lower' : 'upper'} end of the ${output.slice(output.lastIndexOf('_') + 1)} % interval`,
    })),
    nKols: model.kolIds.length,
    schemaHash: sha256(JSON.stringify(inputs)),
    toolkitVersion,
    seed,
    trainingSnapshot: lineage.digest,
  };
}

function meanWeights(weights: Float64Array): Record<string, number> {
  const steps = weights.length / members.length;
  return Object.fromEntries(
    members.map((name, m) => {
      let sum = 0;
      for (let h = 0; h < steps; h++) sum += weights[h * members.length + m];
      return [name, Math.round((1000 * sum) / steps) / 1000];
    }),
  );
}
