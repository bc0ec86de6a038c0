import type { Evaluation } from '../evaluate.js';

/** Rows that neither model was trained on, with what both say of them. */
export interface PairedRows {
  /** `[nRows]` labels, 0 or 1. */
  readonly y: Float64Array;
  /** `[nRows]` probabilities by the challenger. */
  readonly a: Float64Array;
  /** `[nRows]` probabilities by the champion. */
  readonly b: Float64Array;
}

/** The same of models of several classes. */
export interface PairedClassRows {
  /** `[nRows]` class indices. */
  readonly y: Float64Array;
  /** `[nClasses][nRows]` probabilities by the challenger, and by the champion. */
  readonly a: readonly Float64Array[];
  readonly b: readonly Float64Array[];
}

/** Rows of a declared slice. */
export interface SliceRows extends PairedRows {
  readonly name: string;
}

/** How one feature alone tells the classes apart. */
export interface FeatureStrength {
  readonly name: string;
  /** ROC-AUC of its cross-fitted bins, at least 0.5. */
  readonly rocAuc: number;
  /** Its values are distinct whole numbers in nearly every row, as those of an id are. */
  readonly looksLikeId: boolean;
}

/** What serving the graph costs on this machine. */
export interface ServingCost {
  readonly megabytes: number;
  readonly loadMilliseconds: number;
  readonly memoryMegabytes: number;
  /** Median and 95th percentile, in ms. */
  readonly row: { readonly p50: number; readonly p95: number };
  readonly batch: { readonly p50: number; readonly p95: number };
}

/** The reigning champion as the gate sees it. */
export interface ChampionEvidence {
  readonly version: number;
  readonly random: PairedRows;
  /** Rows of models of several classes; left out for two. */
  readonly classes?: PairedClassRows;
  /** Rows of the newest time; null where one of the models was not judged on such. */
  readonly forward: PairedRows | null;
  /** Slices of the random rows. */
  readonly slices: readonly SliceRows[];
  /** Operating thresholds: probabilities from there up are called positive. */
  readonly thresholds: { readonly a: number; readonly b: number };
  /** Columns that the challenger reads and the champion does not. */
  readonly newInputs: readonly string[];
  /** How often these rows have judged challengers, this time included. */
  readonly look: number;
}

/** All that the gate judges. Data; nothing in it was seen in training. */
export interface GateEvidence {
  /** On rows held out at random, and on the newest ones where there are some. */
  readonly random: Evaluation;
  readonly forward: Evaluation | null;
  /** Null where there is none yet. */
  readonly champion: ChampionEvidence | null;
  /** Null where only the graph is there, and no model to compare it with. */
  readonly parity: { readonly maxAbsDifference: number; readonly nRows: number } | null;
  readonly serving: ServingCost | null;
  readonly features: readonly FeatureStrength[];
  readonly lineage: {
    readonly sources: readonly { readonly name: string; readonly id: string }[];
    readonly rows: number;
    readonly digest: string;
  };
  /** What the approval tag says; undefined where it was not asked for. */
  readonly approval?: string | undefined;
}
