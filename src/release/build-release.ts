import type { Assessment } from '../champion/assess.js';
import type { ChampionModel } from '../champion/model.js';
import { scoreChampion } from '../champion/predict.js';
import { ExportError } from '../core/errors.js';
import { encodeRecord } from '../core/record.js';
import type { Rng } from '../core/rng.js';
import { Table } from '../core/table.js';
import { renderReport } from '../evaluation/report-html.js';
import { exportChampion, type OutputPlan } from '../onnx/champion.js';
import { adversarialTable } from '../onnx/adversarial.js';
import { openSession } from '../onnx/session.js';
import { modelCard, servingCard, type CardFacts, type ModelCard } from './card.js';
import { heldOutRows } from './held-out.js';
import { buildReport } from './report.js';
import { runBatches } from './run-batches.js';

/** Largest difference between the TypeScript reading and the graph that a release may show. */
const parityLimit = 1e-5;
/** Rows of the training table that the parity check scores. */
const parityRows = 5_000;

/** Everything a release consists of: file name → content. */
export interface Release {
  readonly card: ModelCard;
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly parity: { readonly maxAbsDifference: number; readonly nRows: number };
}

/** What is released, and how it is described. */
export interface ReleaseInput {
  readonly model: ChampionModel;
  readonly plan: OutputPlan;
  readonly facts: CardFacts;
  /** The random hold-out first. */
  readonly assessments: readonly Assessment[];
  /** Raw training rows. */
  readonly table: Table;
  readonly y: Float64Array;
  readonly keys: readonly string[];
  /** Sentences for the top of the report. */
  readonly words: readonly string[];
  readonly usage: readonly string[];
  readonly rng: Rng;
}

/**
 * Compiles the champion into one graph, proves that the graph says what the model says, and describes both.
 * @throws {ExportError} when graph and model differ by more than 1e-5 on real or adversarial rows
 */
export async function buildRelease(input: ReleaseInput): Promise<Release> {
  const { model, plan, facts, assessments, table } = input;
  const card = servingCard(model, assessments[0].fitted.threshold, facts);
  const onnx = exportChampion(model, plan, { kol: JSON.stringify(card) });
  const parity = await checkGraph(onnx, model, table, input.rng);
  const full = modelCard(card, model, assessments, facts.lineage, onnx);
  const report = buildReport(full, model, assessments, parity, input.words, input.usage);
  return {
    card: full,
    parity,
    files: {
      'model.onnx': onnx,
      'model.json': `${JSON.stringify(full, null, 2)}\n`,
      'champion.kolr': encodeRecord(model),
      'report.html': renderReport(report),
      'report.json': `${JSON.stringify(report)}\n`,
      'held-out.csv': heldOutRows(assessments[0], input.y, input.keys),
    },
  };
}

async function checkGraph(
  onnx: Uint8Array,
  model: ChampionModel,
  table: Table,
  rng: Rng,
): Promise<{ maxAbsDifference: number; nRows: number }> {
  const step = Math.max(1, Math.floor(table.nRows / parityRows));
  const real = Table.rows(table, Uint32Array.from({ length: Math.floor(table.nRows / step) }, (_, i) => i * step));
  const hostile = adversarialTable(model, real, rng.split('adversarial'));
  const session = await openSession(onnx, { threads: 1 });
  try {
    let maxAbsDifference = 0;
    let nRows = 0;
    for (const [kind, rows] of [['training', real], ['adversarial', hostile]] as const) {
      const expected = scoreChampion(model, rows);
      const columns = model.task === 'multiclass' ? expected.classProbabilities : [expected.values];
      const outputs = await runBatches(session, model.inputs, rows);
      primaryOutputs(model, session.outputs).forEach(({ name, negate }, k) => {
        const got = outputs[name];
        for (let i = 0; i < rows.nRows; i++) {
          const scale = model.task === 'regression' ? 1 + Math.abs(columns[k][i]) : 1;
          const value = negate ? 1 - got[i] : got[i];
          const difference = Math.abs(value - columns[k][i]) / scale;
          if (!(difference <= parityLimit)) {
            throw new ExportError(
              `the ONNX graph differs from the model by ${difference} in ${name} on ${kind} row ${i} (${value} instead of ${columns[k][i]}); at most ${parityLimit} is allowed. This is a defect of the exporter: please report it with champion.kolr`,
            );
          }
          maxAbsDifference = Math.max(maxAbsDifference, difference);
        }
      });
      nRows += rows.nRows;
    }
    return { maxAbsDifference, nRows };
  } finally {
    await session.close();
  }
}
