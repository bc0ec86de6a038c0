import type { Rng } from '../core/rng.js';
import { take } from '../core/matrix.js';
import { sha256 } from '../core/record.js';
import type { Table } from '../core/table.js';
import type { Evaluation } from '../evaluation/evaluate.js';
import { type Gate, judge } from '../evaluation/gate/gate.js';
import type { GatePolicy } from '../evaluation/gate/policy.js';
import type { Lineage } from '../core/lineage.js';
import { countLook } from '../registry/looks.js';
import type { ServingCard } from '../release/card.js';
import { servingCost } from '../release/serving-cost.js';
import { slicesOf } from '../release/slices.js';
import { join } from 'node:path';
import type { CliSession } from './session.js';
import type { ModelFile } from './model-file.js';

/** A model and its probabilities of labelled rows. */
export interface JudgedModel {
  readonly uri: string;
  readonly file: ModelFile;
  readonly card: ServingCard;
  /** `[nRows]` */
  readonly p: Float64Array;
}

/**
 * Judges a binary model against another on labelled rows that somebody brings: what follows from the rows and the two
 * files. Whether graph and model agree, and what single features give away, was judged when they were trained.
 * @param table raw columns of the rows, those of the slices among them
 */
export async function judgeModels(
  a: JudgedModel,
  b: JudgedModel,
  evaluation: Evaluation,
  rows: { readonly y: Float64Array; readonly table: Table; readonly slices: readonly string[] },
  policy: GatePolicy,
  session: CliSession,
  rng: Rng,
): Promise<Gate> {
  const { y, table } = rows;
  const paired = { y, a: a.p, b: b.p };
  // Rows are known by their labels and the rival's scores of them: whoever is tested on them looks at the same ones.
  const digest = sha256(`${Array.from(y).join()}\n${Array.from(b.p).join()}`);
  const look = await countLook(join(session.runs.folder, 'looks'), digest, {
    at: Date.now(),
    challenger: a.uri,
  });
  const known = b.card.inputs.map(({ name }) => name);
  const everyRow = Uint32Array.from(y.keys());
  return judge(
    {
      random: evaluation,
      forward: null,
      champion: {
        version: versionOf(b.uri),
        random: paired,
        forward: null,
        slices: slicesOf(table, everyRow, rows.slices).map(({ name, members }) => ({
          name,
          y: take(y, members),
          a: take(a.p, members),
          b: take(b.p, members),
        })),
        thresholds: { a: a.card.threshold, b: b.card.threshold },
        newInputs: a.card.inputs.map(({ name }) => name).filter((name) => !known.includes(name)),
        look,
      },
      parity: null,
      serving: await servingCost(a.file.onnx, a.card.inputs, table),
      features: [],
      lineage: await lineageOf(a),
    },
    policy,
    rng,
  );
}

/** The number in `models:/name/3`; 0 for a file. */
function versionOf(uri: string): number {
  return Number(/^models:\/[^/@]+\/(\d+)$/.exec(uri)?.[1] ?? 0);
}

async function lineageOf({ file, card }: JudgedModel): Promise<Pick<Lineage, 'sources' | 'rows' | 'digest'>> {
  const beside = await file.sibling('model.json').catch(() => undefined);
  if (beside === undefined) return { sources: [], rows: 0, digest: card.trainingSnapshot };
  return (JSON.parse(Buffer.from(beside).toString('utf8')) as { lineage: Lineage }).lineage;
}
