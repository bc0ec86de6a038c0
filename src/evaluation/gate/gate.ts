import type { Comparison } from '../compare.js';

/** `inconclusive`: the rows cannot say. */
export type CheckVerdict = 'pass' | 'inconclusive' | 'fail' | 'not-applicable';

/** A figure, a text, or nothing. */
export type Plain = number | string | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** What one check found. JSON-plain. */
export interface CheckResult {
  /** Family and place, such as `comparison/random/roc_auc`. */
  readonly code: string;
  readonly title: string;
  readonly value: number | string | null;
  readonly threshold: number | string | null;
  readonly verdict: CheckVerdict;
  readonly evidence: Readonly<Record<string, Plain>>;
  readonly words: string;
}

/** `hold`: the rows or the papers do not suffice; `refuse`: there is something wrong. */
export type GateDecision = 'promote' | 'hold' | 'refuse';

/**
 * What is claimed of a challenger: `better` than the champion beyond chance, `non-inferior` (worse by less than the
 * margins, beyond chance), the `first` of its name, or nothing.
 */
export type GateClaim = 'better' | 'non-inferior' | 'first' | 'none';

/** Whether a model may become champion, and why. JSON-plain. */
export interface Gate {
  /** Of this record as it is stored. */
  readonly format: 1;
  /** Promote, hold or refuse. */
  readonly decision: GateDecision;
  /** What the figures show of challenger against champion. */
  readonly claim: GateClaim;
  /** One sentence. */
  readonly reason: string;
  /** Name and version of the model that was judged. */
  readonly challenger: string;
  /** The model it was compared with; null where there was none. */
  readonly champion: string | null;
  /** Rows that neither model was trained on. */
  readonly nRows: number;
  /** How often rows like these have been used to compare a challenger, this time included; 0 without a champion. */
  readonly look: number;
  /** What this look may spend of the chance of error. */
  readonly alpha: number;
  /** Every check with value, threshold, verdict and evidence. */
  readonly checks: readonly CheckResult[];
  /** Challenger (a) against champion (b) on the rows held out at random. */
  readonly comparisons: readonly Comparison[];
}
