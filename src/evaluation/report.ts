import type { Comparison } from './compare.js';
import type { Evaluation } from './evaluate.js';
import type { Gate } from './gate/gate.js';

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
  /** What the model was made from. */
  readonly lineage: readonly (readonly [key: string, value: string])[];
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
    }[];
  }[];
}
