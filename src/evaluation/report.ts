import type { Comparison } from './compare.js';
import type { Evaluation } from './evaluate.js';
import type { ForecastFigures } from './forecast/figures.js';
import type { Gate } from './gate/gate.js';
import type { PartFigures } from './part-figures.js';

/** What a person should know about a trained model. JSON-plain; every text may be hostile and is shown as text. */
export interface Report {
  readonly title: string;
  readonly subtitle: string;
  /** Label and value, the first things read. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** The decision in words; "" where there was none to take. */
  readonly verdict: string;
  /** Every check behind that decision. */
  readonly gate?: Gate;
  readonly sections: readonly ReportSection[];
  /** This model (a) against another (b). */
  readonly comparison: readonly Comparison[];
  /** Share of the total gain, in any order. */
  readonly importance: readonly FeatureImportance[];
  /** Why rows have their scores; left out where the model cannot say. */
  readonly explanation?: ReportExplanation;
  /** How it does on parts of the rows held out at random, a set of parts after the other. */
  readonly parts?: readonly PartFigures[];
  /** How it does on the newest rows, the oldest of them first. */
  readonly decay?: PartFigures;
  /** How the newest rows differ from those held out at random. */
  readonly drift?: ReportDrift;
  readonly boosting?: BoostingCurve;
  readonly forecast?: ForecastFigures;
  /** What to know before one uses it. */
  readonly card?: readonly CardSection[];
  /** Tables or files it was made from. */
  readonly sources?: readonly ReportSource[];
  /** What the model was made from. */
  readonly lineage: readonly (readonly [key: string, value: string])[];
  /** The command that makes it again, and lines around it, shown as they are. */
  readonly reproduce?: readonly string[];
  /** Lines of how to use the model, shown as they are. */
  readonly howToUse: readonly string[];
}

export interface ReportSection {
  readonly title: string;
  readonly note: string;
  readonly evaluation: Evaluation;
}

export interface FeatureImportance {
  readonly feature: string;
  readonly gain: number;
}

/** One feature over the explained rows. */
export interface ExplainedFeature {
  readonly name: string;
  readonly description: string;
  /** `[nRows]` its values; null where it has none. */
  readonly values: readonly (number | null)[];
  /** `[nRows]` what it adds to the margin. */
  readonly contributions: readonly number[];
}

/** Why some rows have their margins. */
export interface ReportExplanation {
  /** What contributions are measured in, such as `log-odds`. */
  readonly unit: string;
  /** The strongest features, the strongest first. */
  readonly features: readonly ExplainedFeature[];
  /** Single rows with their weightiest reasons. */
  readonly examples: readonly {
    readonly key: string;
    readonly score: number;
    readonly reasons: readonly {
      readonly name: string;
      readonly value: number | null;
      readonly contribution: number;
      /** What the feature is, in words. */
      readonly description?: string;
    }[];
  }[];
}

/** A table or file, pinned. */
export interface ReportSource {
  readonly name: string;
  /** What pins its content: the id of a snapshot, or a hash. */
  readonly id: string;
  readonly rows: number | null;
  /** ISO 8601, UTC. */
  readonly committedAt: string | null;
}

/** A part of a model card: sentences, a list of them, a table, or several of these. JSON-plain. */
export interface CardSection {
  readonly title: string;
  /** What the section is told of: what only a card has, or figures that a report shows at length. */
  readonly kind: 'words' | 'figures';
  readonly text: readonly string[];
  readonly list?: readonly string[];
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

/** How inputs of the newest rows differ from those held out at random. */
export interface ReportDrift {
  readonly nBefore: number;
  readonly nNow: number;
  /** The index that is called a shift, and a large one. */
  readonly levels: readonly [some: number, large: number];
  /** The largest index first. */
  readonly inputs: readonly {
    readonly name: string;
    /** Population stability index less what chance adds, with its 95 % interval. */
    readonly psi: number;
    readonly lower: number;
    readonly upper: number;
    /** Share of rows without a value. */
    readonly missingBefore: number;
    readonly missingNow: number;
  }[];
}

/** The loss of a booster round by round. */
export interface BoostingCurve {
  readonly base: string;
  readonly loss: string;
  readonly nTrain: number;
  readonly nHeldOut: number;
  readonly points: readonly {
    readonly rounds: number;
    readonly train: number | null;
    readonly heldOut: number;
  }[];
}
