import type { Assessment } from '../champion/assess.js';
import type { ChampionModel } from '../champion/model.js';
import { ExportError } from '../core/errors.js';
import { encodeRecord } from '../core/record.js';
import type { Rng } from '../core/rng.js';
import { Table } from '../core/table.js';
import type { Gate } from '../evaluation/gate/gate.js';
import type { ParityFacts, ServingFacts } from '../evaluation/gate/subject.js';
import { renderReport } from '../evaluation/report-html.js';
import type { Report } from '../evaluation/report.js';
import { exportChampions } from '../onnx/champion.js';
import { feedsOf } from '../onnx/feeds.js';
import type { OutputPlan } from '../onnx/outputs.js';
import { adversarialTable, checkParity } from '../onnx/parity.js';
import { openSession } from '../onnx/session.js';
import {
  modelCard,
  servingCard,
  type CardFacts,
  type ModelCard,
  type ServingCard,
  type UseInWords,
} from './card.js';
import { chartRuntime } from './chart-runtime.js';
import { explainForReport } from './explanation.js';
import { writeContract } from './contract/batch.js';
import { championContract, expectedOfAll, type ContractTarget } from './contract/champion-contract.js';
import { proveContract } from './contract/verify.js';
import { driftReference } from './drift-reference.js';
import { heldOutRows } from './held-out.js';
import { measureServing } from './measure-serving.js';
import { buildReport } from './report.js';
import {
  boostingCurveOf,
  decayOf,
  inputDrift,
  partsOf,
  type Parting,
  type RowTimes,
} from './report-figures.js';

/** Largest difference between the TypeScript reading and the graph that a release may show. */
const parityLimit = 1e-5;
/** Rows of the training table that the parity check scores. */
const parityRows = 5_000;

/** Everything a release consists of: file name → content. */
export interface Release {
  readonly card: ModelCard;
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly parity: ParityFacts;
  readonly gate: Gate;
  /** What follows from the figures, in sentences. */
  readonly conclusions: readonly string[];
}

/** A further answer of the same graph: another champion over the same columns. */
export interface FurtherTarget {
  readonly name: string;
  readonly model: ChampionModel;
  readonly plan: OutputPlan;
  /** As those of the release. */
  readonly assessments: readonly Assessment[];
}

/** What of a release is known only once its graph is made. */
export interface MeasuredRelease {
  readonly card: ServingCard;
  readonly parity: ParityFacts;
  readonly serving: ServingFacts;
}

/** What is released, and how it is described. */
export interface ReleaseInput {
  readonly model: ChampionModel;
  readonly plan: OutputPlan;
  readonly facts: CardFacts;
  readonly further?: readonly FurtherTarget[];
  /** The random hold-out first. */
  readonly assessments: readonly Assessment[];
  /** The assessment whose stack, calibrator and threshold are released; the first when left out. */
  readonly chosen?: number;
  /** Raw training rows. */
  readonly table: Table;
  readonly y: Float64Array;
  readonly keys: readonly string[];
  /** Whether this may become champion. */
  readonly judge: (measured: MeasuredRelease) => Promise<Gate>;
  /** Sentences for the top of the report, and lines of how to use the model. */
  readonly words: {
    readonly conclusions: readonly string[];
    readonly usage: readonly string[];
    readonly use: UseInWords;
  };
  /** The command that makes the release again. */
  readonly command: string;
  /** What the rows held out at random are parted by. */
  readonly partings: readonly Parting[];
  /** Where the second assessment judges the newest rows. */
  readonly time?: RowTimes;
  readonly rng: Rng;
}

/**
 * Compiles the champion into one graph, proves that the graph says what the model says, and describes both.
 * @throws {ExportError} when graph and model differ by more than 1e-5 on real or adversarial rows
 */
export async function buildRelease(input: ReleaseInput): Promise<Release> {
  const { model, plan, facts, assessments, chosen = 0, table, further = [] } = input;
  const card = servingCard(model, assessments[chosen].fitted.threshold, facts);
  const targets = [{ model, plan }, ...further];
  const onnx = exportChampions(targets, { kol: JSON.stringify(card) });
  const parity = await checkGraph(onnx, targets, table, input.rng);
  const contract = writeContract(championContract(targets, table, input.rng.split('contract')));
  await proveContract(onnx, contract);
  const about = {
    use: input.words.use,
    parts: partsOf(assessments[0], input.y, input.partings),
    command: input.command,
    lineage: facts.lineage,
  };
  const full = modelCard(card, model, assessments, assessments[chosen].fitted, about, onnx, further);
  const judged = [...assessments, ...further.flatMap((target) => target.assessments)];
  const serving = await measureServing(onnx, model.inputs, table);
  const gate = await input.judge({ card, parity, serving });
  const report = {
    ...buildReport(full, model, judged, parity, gate, input.words),
    ...reportFigures(input),
  };
  const reference = driftReference(card, plan, assessments[chosen], table, input.y);
  return {
    card: full,
    parity,
    gate,
    conclusions: input.words.conclusions,
    files: {
      'model.onnx': onnx,
      'model.json': `${JSON.stringify(full, null, 2)}\n`,
      'champion.kolr': encodeRecord(model),
      ...Object.fromEntries(
        further.map((target) => [`champion-${target.name}.kolr`, encodeRecord(target.model)]),
      ),
      'reference.json': `${JSON.stringify(reference)}\n`,
      'report.html': renderReport(report, await chartRuntime()),
      'report.json': `${JSON.stringify(report)}\n`,
      'contract.jsonl': contract,
      'gate.json': `${JSON.stringify(gate, null, 2)}\n`,
      'held-out.csv': heldOutRows(assessments[0], input.y, input.keys),
      ...(assessments.length > 1 && {
        'held-out-newest.csv': heldOutRows(assessments[1], input.y, input.keys),
      }),
    },
  };
}

/** What a report draws beside the judgements themselves. */
function reportFigures({
  model,
  assessments,
  table,
  y,
  keys,
  time,
}: ReleaseInput): Pick<Report, 'explanation' | 'boosting' | 'decay' | 'drift'> {
  const [random, newest] = assessments;
  const explanation = explainForReport(model, table, keys);
  const boosting = boostingCurveOf(random, table, y);
  return {
    ...(explanation && { explanation }),
    ...(boosting && { boosting }),
    ...(time !== undefined &&
      assessments.length > 1 && {
        decay: decayOf(newest, y, time),
        drift: inputDrift(model.inputs, table, random, newest),
      }),
  };
}

async function checkGraph(
  onnx: Uint8Array,
  targets: readonly ContractTarget[],
  table: Table,
  rng: Rng,
): Promise<Release['parity']> {
  const step = Math.max(1, Math.floor(table.nRows / parityRows));
  const real = Table.rows(
    table,
    Uint32Array.from({ length: Math.floor(table.nRows / step) }, (_, i) => i * step),
  );
  const hostile = adversarialTable(targets[0].model, real, rng.split('adversarial'));
  const session = await openSession(onnx);
  try {
    const checks = [];
    for (const [kind, rows] of [
      ['training', real],
      ['adversarial', hostile],
    ] as const) {
      const expected = expectedOfAll(targets, rows);
      const found = await checkParity(session, feedsOf(targets[0].model.inputs, rows), expected);
      if (!(found.maxAbsDifference <= parityLimit)) {
        throw new ExportError(
          `the ONNX graph differs from the model by ${found.maxAbsDifference} in ${found.worstOutput} on ${kind} row ${found.worstRow}; at most ${parityLimit} is allowed. This is a defect of the exporter: please report it with the data that shows it`,
        );
      }
      checks.push(found);
    }
    return {
      maxAbsDifference: Math.max(...checks.map((check) => check.maxAbsDifference)),
      nRows: checks.reduce((sum, check) => sum + check.nRows, 0),
    };
  } finally {
    await session.close();
  }
}
