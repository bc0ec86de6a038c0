import type { Rng } from '../../core/rng.js';
import type { PairedMetric } from './paired-metrics.js';
import type { CheckResult, CheckVerdict } from './gate.js';
import type { GatePolicy } from './policy.js';
import type { GateSubject, HeldOutRows } from './subject.js';

/** What every check reads. */
export interface GateContext {
  readonly subject: GateSubject;
  readonly policy: GatePolicy;
  /** What this look may spend of the chance of error; 0 where all was spent. */
  readonly alpha: number;
  /** Challenger against champion on every kind of rows. */
  readonly pairs: readonly PairedRows[];
  readonly rng: Rng;
}

/** Both models on the rows that neither was trained on. */
export interface PairedRows {
  readonly kind: 'random' | 'newest';
  readonly title: string;
  readonly nRows: number;
  /** Whether the champion was judged on such rows at all. */
  readonly wasJudged: boolean;
  /** Why these rows compare nothing; undefined where they do. */
  readonly tooFew: string | undefined;
  readonly metrics: readonly PairedMetric[];
}

/** A check or a family of them. */
export interface Check {
  readonly code: string;
  readonly title: string;
  readonly run: (context: GateContext) => readonly CheckResult[];
}

/** What a check says that has nothing to look at. */
export function notApplicable(code: string, title: string, words: string): CheckResult {
  return { code, title, value: null, threshold: null, verdict: 'not-applicable', evidence: {}, words };
}

/**
 * What a doubt on these rows means for a model by itself: on the first rows the gate holds; on the others, which are
 * fewer and of another kind, only what is surely wrong counts.
 */
export function doubtOn({ rows }: GateSubject, on: HeldOutRows): CheckVerdict {
  return on === rows[0] ? 'inconclusive' : 'pass';
}
