import type { PairedRows } from '../evaluation/gate/evidence.js';
import { sha256 } from '../core/record.js';
import type { Assessment } from '../champion/assess.js';
import type { ModelCard } from './card.js';
import { readClassHeldOut, readHeldOut, type ClassHeldOut, type HeldOut } from './held-out.js';

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
  /** The same of random rows by a model of several classes; null for two. */
  readonly classes: ClassHeldOut | null;
  readonly threshold: number;
  readonly inputs: readonly string[];
}

/** The files of the rows that assessments judged, in their order. */
export const heldOutFiles = ['held-out.csv', 'held-out-newest.csv'] as const;

/**
 * Reads what a comparison needs; undefined where there is no champion.
 * @param nClasses classes of the champion's kind
 */
export async function readFormer(
  champion: ChampionFiles | undefined,
  nClasses = 2,
): Promise<FormerChampion | undefined> {
  if (champion === undefined) return undefined;
  const [card, random, forward] = await Promise.all(
    ['model.json', ...heldOutFiles].map((file) => champion.read(file)),
  );
  // A champion of an earlier format has no newest rows.
  const { threshold, inputs } = JSON.parse(card ?? '{"threshold":0.5,"inputs":[]}') as ModelCard;
  return {
    version: champion.version,
    random: random === undefined || nClasses > 2 ? new Map() : readHeldOut(random),
    forward: forward === undefined || nClasses > 2 ? new Map() : readHeldOut(forward),
    classes: random === undefined || nClasses === 2 ? null : readClassHeldOut(random, nClasses),
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

/** The same rows where models have several classes. */
export interface CommonClassRows {
  /** `[nRows]` class indices. */
  readonly y: Float64Array;
  /** `[nClasses][nRows]` by the challenger, and by the champion. */
  readonly a: readonly Float64Array[];
  readonly b: readonly Float64Array[];
}

/** The rows of an assessment of several classes that the former champion was judged on too, with the same label. */
export function commonClassRows(
  { rows, scores: { classProbabilities } }: Assessment,
  y: Float64Array,
  keys: readonly string[],
  former: ClassHeldOut,
): CommonClassRows {
  const common = Array.from(rows, (row, i) => {
    const known = former.get(keys[row]);
    return known?.y === y[row] ? { i, y: known.y, P: known.P } : null;
  }).filter((found) => found !== null);
  return {
    y: Float64Array.from(common, (found) => found.y),
    a: classProbabilities.map((column) => Float64Array.from(common, ({ i }) => column[i])),
    b: classProbabilities.map((_, k) => Float64Array.from(common, ({ P }) => P[k])),
  };
}
