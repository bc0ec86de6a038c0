/** Bins of a number, of the length of a text, or of a score; bin b holds (edges[b - 1], edges[b]]. JSON-plain. */
export interface BinnedReference {
  readonly name: string;
  /** `time` moves on by itself: only its missing values are judged. */
  readonly kind: 'number' | 'text-length' | 'time';
  readonly edges: readonly number[];
  /** `[nEdges + 1]` */
  readonly counts: readonly number[];
  readonly missing: number;
}

/** Categories with their rows, the most frequent first, then by name. JSON-plain. */
export interface CategoricalReference {
  readonly name: string;
  readonly kind: 'category';
  readonly categories: readonly (readonly [string, number])[];
  readonly missing: number;
}

export type ColumnReference = BinnedReference | CategoricalReference;

/** A figure of the held-out rows of the training. */
export interface HeldOutFigure {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** How the probabilities of held-out rows kept their word, for estimates without labels. JSON-plain. */
export interface ConfidenceReference {
  /** Equal-mass bins of the probability: its mean, rows, positive rows. */
  readonly bins: readonly (readonly [number, number, number])[];
  /** Probabilities from here up are called positive. */
  readonly threshold: number;
  readonly figures: Readonly<Record<'roc_auc' | 'brier_score' | 'accuracy', HeldOutFigure>>;
}

/** `reference.json`: what a model's inputs and scores looked like when it was made. JSON-plain. */
export interface DriftReference {
  readonly format: 1;
  readonly model: string;
  readonly trainingSnapshot: string;
  readonly nRows: number;
  readonly columns: readonly ColumnReference[];
  /** Primary outputs on rows that were held out. */
  readonly scores: readonly BinnedReference[];
  /** Binary models only; null where no labels were at hand. */
  readonly confidence: ConfidenceReference | null;
}
