/** What a check says: `inconclusive` where the evidence allows neither, `not applicable` where there is none to judge. */
export type CheckVerdict = 'pass' | 'inconclusive' | 'fail' | 'not applicable';

/** One check of the gate, with what it was judged on. JSON-plain. */
export interface GateCheck {
  /** Names the check for programs and tags, `parity` or `slices` for example. */
  readonly code: string;
  readonly title: string;
  readonly verdict: CheckVerdict;
  /** What was measured; null where the check is no number. */
  readonly value: number | null;
  /** What it was measured against. */
  readonly threshold: number | null;
  /** The finding in a sentence. */
  readonly words: string;
  /** Figures behind it, by name. */
  readonly evidence?: Readonly<Record<string, unknown>>;
}

/** A check that has nothing to judge. */
export function notApplicable(code: string, title: string, words: string): GateCheck {
  return { code, title, verdict: 'not applicable', value: null, threshold: null, words };
}
