import type { ChampionModel } from '../champion/model.js';
import { scoreChampion } from '../champion/predict.js';
import { DataError } from '../core/errors.js';
import type { Lineage } from '../core/lineage.js';
import { take } from '../core/matrix.js';
import { decodeRecord, sha256 } from '../core/record.js';
import type { Rng } from '../core/rng.js';
import { Table } from '../core/table.js';
import { timeHoldOut } from '../ensemble/folds.js';
import type { Gate } from '../evaluation/gate/gate.js';
import type { GatePolicy } from '../evaluation/gate/policy.js';
import { runGate } from '../evaluation/gate/run-gate.js';
import type { HeldOutRows, LineageFacts, ParityFacts } from '../evaluation/gate/subject.js';
import { feedsOf } from '../onnx/feeds.js';
import { adversarialTable, checkParity } from '../onnx/parity.js';
import { openSession } from '../onnx/session.js';
import type { LooksLedger } from '../registry/looks-ledger.js';
import type { ServingCard } from '../release/card.js';
import { contractOf } from '../release/former-champion.js';
import { heldOutDigest } from '../release/held-out-digest.js';
import { measureServing } from '../release/measure-serving.js';
import { probedInputs, sliceTexts } from '../release/probed-rows.js';
import type { ModelFile } from './model-file.js';

/** Rows on which graph and model are compared. */
const parityRows = 2_000;
/** Share of the rows that are the newest, where a time is named. */
const newestShare = 0.2;

/** A model's answers on labelled rows. */
export interface Judged {
  readonly file: ModelFile;
  readonly card: ServingCard;
  /** `[nRows]` class index or value. */
  readonly y: Float64Array;
  /** The primary outputs, `[nOutputs][nRows]`. */
  readonly scores: readonly Float64Array[];
  /** The rows as they were read. */
  readonly table: Table;
}

/** What the gate needs beside the two models. */
export interface EvaluationGate {
  readonly names: { readonly model: string; readonly against: string };
  readonly policy: GatePolicy;
  /** Column that holds when a row came about. */
  readonly time?: string | undefined;
  readonly looks: LooksLedger;
  readonly rng: Rng;
}

/** Whether one model may take the place of another, by labelled rows that neither was trained on. */
export async function judgeAgainst(model: Judged, rival: Judged, gate: EvaluationGate): Promise<Gate> {
  const { policy, names, looks, rng } = gate;
  const { card, table, y } = model;
  const time = gate.time === undefined ? undefined : Table.numbers(table, gate.time);
  return runGate(
    {
      challenger: names.model,
      champion: names.against,
      task: card.task,
      rows: rowsOf(model, rival, policy, time),
      thresholds: { challenger: card.threshold, champion: rival.card.threshold },
      lineage: await lineageOf(model),
      contract: { challenger: contractOf(card), champion: contractOf(rival.card) },
      parity: await parityOf(model, rng.split('parity')),
      serving: await measureServing(model.file.onnx, card.inputs, table),
      inputs: probedInputs(card.inputs, table, { y, time }),
      look: await noteLook(model, rival, policy, looks),
    },
    policy,
    rng,
  );
}

function rowsOf(
  model: Judged,
  rival: Judged,
  policy: GatePolicy,
  time: Float64Array | undefined,
): HeldOutRows[] {
  const side = (kind: HeldOutRows['kind'], title: string, rows: Uint32Array): HeldOutRows => ({
    kind,
    title,
    y: take(model.y, rows),
    challenger: model.scores.map((output) => take(output, rows)),
    champion: rival.scores.map((output) => take(output, rows)),
    slices: sliceTexts(Table.rows(model.table, rows), policy.slices.columns),
  });
  const all = side('random', 'rows', Uint32Array.from(model.y.keys()));
  return time === undefined
    ? [all]
    : [all, side('newest', 'newest rows', timeHoldOut(time, newestShare).test)];
}

async function lineageOf({ file, card }: Judged): Promise<LineageFacts> {
  const { seed, toolkitVersion, trainingSnapshot } = card;
  const text = await file.sibling('model.json').catch(() => undefined);
  const { lineage } =
    text === undefined ? {} : (JSON.parse(Buffer.from(text).toString('utf8')) as { lineage?: Lineage });
  return { digest: trainingSnapshot, seed, toolkitVersion, ...lineage };
}

/** How far the graph is from the fitted model beside it; undefined where none lies there. */
async function parityOf({ file, card, table }: Judged, rng: Rng): Promise<ParityFacts | undefined> {
  const bytes = await file.sibling('champion.kolr').catch(() => undefined);
  if (bytes === undefined) return undefined;
  const record = decodeRecord(bytes);
  if (record.kind !== 'champion')
    throw new DataError(`champion.kolr holds a ${record.kind}, expected a champion`);
  const model = record as ChampionModel;
  const step = Math.max(1, Math.floor(table.nRows / parityRows));
  const some = Uint32Array.from({ length: Math.floor(table.nRows / step) }, (_, i) => i * step);
  const real = Table.rows(table, some);
  const session = await openSession(file.onnx);
  try {
    const found = [];
    for (const rows of [real, adversarialTable(model, real, rng)]) {
      const { values, classProbabilities } = scoreChampion(model, rows);
      const answers = card.task === 'multiclass' ? classProbabilities : [values.map(Math.fround)];
      const expected = Object.fromEntries(card.primaryOutputs.map((name, k) => [name, answers[k]]));
      found.push(await checkParity(session, feedsOf(card.inputs, rows), expected));
    }
    return {
      maxAbsDifference: Math.max(...found.map(({ maxAbsDifference }) => maxAbsDifference)),
      nRows: found.reduce((sum, { nRows }) => sum + nRows, 0),
    };
  } finally {
    await session.close();
  }
}

function noteLook(
  { card, table, y, scores }: Judged,
  rival: Judged,
  policy: GatePolicy,
  looks: LooksLedger,
): Promise<number> {
  const columns = card.inputs.map(({ name }) => Table.column(table, name).values);
  const keys = Array.from(y, (_, i) => JSON.stringify(columns.map((values) => values[i])));
  const comparison = sha256(JSON.stringify([...scores, ...rival.scores].map((output) => Array.from(output))));
  return looks.note({ model: rival.card.name, ...heldOutDigest(keys, y), comparison }, policy.looks.overlap);
}
