import type { PairedRows } from '../evaluation/gate/evidence.js';
import { sha256 } from '../core/record.js';
import type { Assessment } from '../champion/assess.js';
import type { ModelCard } from './card.js';
import { readHeldOut, type HeldOut } from './held-out.js';

/** A registered champion and its files. */
export interface ChampionFiles {
  readonly version: number;
  /** The text of one of its files; undefined where it has none of that name. */
  read(file: string): Promise<string | undefined>;
}

/** The reigning champion as the next one is compared with it. */
export interface FormerChampion {
  readonly version: number;
  /** What it said of rows held out from it, at random and the newest ones. */
  readonly random: HeldOut;
  readonly forward: HeldOut;
  readonly threshold: number;
  readonly inputs: readonly string[];
}

/** The files of the rows that assessments judged, in their order. */
export const heldOutFiles = ['held-out.csv', 'held-out-newest.csv'] as const;

/** Reads what a comparison needs; undefined where there is no champion. */
export async function readFormer(champion: ChampionFiles | undefined): Promise<FormerChampion | undefined> {
  if (champion === undefined) return undefined;
  const [card, random, forward] = await Promise.all(
    ['model.json', ...heldOutFiles].map((file) => champion.read(file)),
  );
  // A champion of an earlier format has no newest rows.
  const { threshold, inputs } = JSON.parse(card ?? '{"threshold":0.5,"inputs":[]}') as ModelCard;
  return {
    version: champion.version,
    random: random === undefined ? new Map() : readHeldOut(random),
    forward: forward === undefined ? new Map() : readHeldOut(forward),
    threshold,
    inputs: inputs.map(({ name }) => name),
  };
}

/** Rows that were held out from both, and their places in the assessment. */
export interface CommonRows extends PairedRows {
  /** Rows of the training table. */
  readonly rows: Uint32Array;
  /** Names these rows, whoever is judged on them. */
  readonly digest: string;
}

/** The rows of an assessment that the former champion was judged on too, with the same label. */
export function commonRows(
  assessment: Assessment,
  y: Float64Array,
  keys: readonly string[],
  former: HeldOut,
): CommonRows {
  const common = Array.from(assessment.rows, (row, i) => {
    const known = former.get(keys[row]);
    return known?.y === y[row] ? { row, y: known.y, a: assessment.scores.values[i], b: known.p } : null;
  }).filter((found) => found !== null);
  return {
    rows: Uint32Array.from(common, ({ row }) => row),
    y: Float64Array.from(common, (found) => found.y),
    a: Float64Array.from(common, (found) => found.a),
    b: Float64Array.from(common, (found) => found.b),
    digest: sha256(common.map(({ row }) => keys[row]).join('\n')),
  };
}
