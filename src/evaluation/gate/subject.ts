/** The error of a forecast. */
export type ForecastCriterion = 'mase' | 'rmsse';
export type GateTask = 'binary' | 'multiclass' | 'regression' | 'forecast';

/** Rows that the challenger was not trained on, and what it and the champion say of them. */
export interface HeldOutRows {
  /** Drawn at random, or the newest. */
  readonly kind: 'random' | 'newest';
  /** What they are called in words. */
  readonly title: string;
  /** `[nRows]` labels, class indices or targets; of forecasts the error of the naive forecast, series by series. */
  readonly y: Float64Array;
  /** `[nOutputs][nRows]` probability, class probabilities or value; of forecasts the error, series by series. */
  readonly challenger: readonly Float64Array[];
  /** The same by the champion, NaN for a row that it was trained on; undefined where it has none. */
  readonly champion?: readonly Float64Array[] | undefined;
  /** Texts `[nRows]` by declared column. */
  readonly slices?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What a model takes and gives. */
export interface Contract {
  readonly schemaHash: string;
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly outputs: readonly string[];
}

/** Where a model comes from, as far as it is known. */
export interface LineageFacts {
  readonly sources?: readonly { readonly name: string; readonly id: string }[] | undefined;
  readonly rows?: number | undefined;
  readonly digest?: string | undefined;
  readonly query?: string | undefined;
  readonly queryHash?: string | undefined;
  readonly seed?: number | undefined;
  readonly toolkitVersion?: string | undefined;
}

/** How a graph did against the model it was written from. */
export interface ParityFacts {
  readonly maxAbsDifference: number;
  readonly nRows: number;
}

/** What serving costs, measured. */
export interface ServingFacts {
  readonly p50Milliseconds: number;
  readonly p95Milliseconds: number;
  readonly loadMilliseconds: number;
  readonly fileMegabytes: number;
  readonly memoryMegabytes: number;
}

/** Inputs as a model takes them, to look for what gives the answer away. */
export interface ProbedInputs {
  readonly columns: Readonly<Record<string, ArrayLike<number> | readonly (string | null)[]>>;
  /** `[nRows]` labels or targets. */
  readonly y: Float64Array;
  /** `[nRows]` when each row came about, in any unit. */
  readonly time?: Float64Array | undefined;
  /** Columns that look like a leak and are none, by the domain's own knowledge. */
  readonly known?: readonly string[] | undefined;
}

/** Everything that was measured of a challenger; what is undefined cannot be checked, and is said to be so. */
export interface GateSubject {
  /** What the judged model is called. */
  readonly challenger: string;
  /** What the model is called that it would replace; null where there is none. */
  readonly champion: string | null;
  /** What both answer. */
  readonly task: GateTask;
  /** What errors of forecasts are. */
  readonly criterion?: ForecastCriterion | undefined;
  /** The rows drawn at random first. */
  readonly rows: readonly HeldOutRows[];
  /** From where on each calls a row positive. */
  readonly thresholds?: { readonly challenger: number; readonly champion: number } | undefined;
  /** Where the challenger comes from. */
  readonly lineage?: LineageFacts | undefined;
  /** What each takes and gives. */
  readonly contract?: { readonly challenger: Contract; readonly champion?: Contract | undefined } | undefined;
  /** How its graph did against the model. */
  readonly parity?: ParityFacts | undefined;
  /** What serving it costs. */
  readonly serving?: ServingFacts | undefined;
  /** Its inputs, to look for leaks. */
  readonly inputs?: ProbedInputs | undefined;
  /** Tags of the version. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** From 1: how often rows like these were used to compare a challenger, this time included. */
  readonly look: number;
}
