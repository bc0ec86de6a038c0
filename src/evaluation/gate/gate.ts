import type { Rng } from '../../core/rng.js';
import { freezeDeep } from '../freeze.js';
import type { GateCheck } from './check.js';
import { checkApproval } from './checks/approval.js';
import { checkBudget } from './checks/budget.js';
import { checkCalibration } from './checks/calibration.js';
import { checkComparison } from './checks/comparison.js';
import { checkContract } from './checks/contract.js';
import { checkFloor } from './checks/floor.js';
import { checkLeakage } from './checks/leakage.js';
import { checkLineage } from './checks/lineage.js';
import { checkParity } from './checks/parity.js';
import { checkScoreDrift } from './checks/score-drift.js';
import { checkSlices } from './checks/slices.js';
import type { GateEvidence } from './evidence.js';
import type { GatePolicy } from './policy.js';

/** Promote; hold, where the evidence is inconclusive; or refuse, where a check failed. */
export type GateDecision = 'promote' | 'hold' | 'refuse';

/** What the gate says of a challenger. JSON-plain. */
export interface Gate {
  readonly format: 1;
  readonly decision: GateDecision;
  /** In words. */
  readonly reason: string;
  /** The champion it was compared with; null where there was none. */
  readonly champion: number | null;
  readonly checks: readonly GateCheck[];
}

/** Judges a challenger by all checks. Pure: the same evidence, policy and seed give the same verdict. */
export function judge(evidence: GateEvidence, policy: GatePolicy, rng: Rng): Gate {
  const checks = [
    checkLineage(evidence),
    checkContract(evidence, policy),
    ...checkFloor(evidence, policy),
    ...checkComparison(evidence, policy, rng.split('comparison')),
    ...checkCalibration(evidence, policy),
    checkSlices(evidence, policy),
    ...checkScoreDrift(evidence, policy),
    checkParity(evidence, policy),
    ...checkBudget(evidence, policy),
    ...checkLeakage(evidence, policy),
    checkApproval(evidence, policy),
  ];
  return freezeDeep({ format: 1, ...decide(checks), champion: evidence.champion?.version ?? null, checks });
}

/** A failed check refuses, an inconclusive one holds. */
export function decide(checks: readonly GateCheck[]): Pick<Gate, 'decision' | 'reason'> {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  const open = checks.filter(({ verdict }) => verdict === 'inconclusive');
  const words = (some: readonly GateCheck[]): string => some.map((check) => check.words).join('; ');
  if (failed.length > 0) return { decision: 'refuse', reason: words(failed) };
  if (open.length > 0) return { decision: 'hold', reason: words(open) };
  const better =
    checks.find(({ code }) => code === 'better') ?? checks.find(({ code }) => code === 'not-worse');
  return {
    decision: 'promote',
    reason:
      better === undefined || better.verdict === 'not applicable'
        ? 'there was no champion before'
        : better.words,
  };
}
