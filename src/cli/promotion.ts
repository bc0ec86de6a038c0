import { GateError } from '../core/errors.js';
import type { CheckResult, Gate } from '../evaluation/gate/gate.js';
import { textTable, wrap } from './summary.js';

/** A version and what the gate made of it. */
export interface Gated {
  readonly model: string;
  readonly version: number;
  readonly gate: Gate;
}

/** What became of a version, and why. */
export function promotionInWords({ model, version, gate }: Gated): string {
  const stays = gate.champion === null ? 'there is no champion yet' : 'the champion stays';
  const outcome = {
    promote: 'promoted to champion',
    hold: `kept, ${stays}`,
    refuse: `refused, ${stays}`,
  }[gate.decision];
  return wrap(`${model} version ${version}: ${outcome}: ${gate.reason}`, 78, '');
}

const marks: Readonly<Record<CheckResult['verdict'], string>> = {
  pass: 'pass',
  inconclusive: 'undecided',
  fail: 'FAIL',
  'not-applicable': '-',
};

/** Every check of a gate, a line each, and what follows from them. */
export function gateInWords({ decision, reason, checks, look, alpha, champion }: Gate): string {
  const counted = (verdict: CheckResult['verdict']): number =>
    checks.filter((check) => check.verdict === verdict).length;
  const looks =
    champion === null || look === 0
      ? ''
      : ` Look ${look} at rows like these, which may spend ${Number(alpha.toPrecision(2))} of the chance of error.`;
  return [
    textTable(checks.map(({ title, verdict }) => [`  ${title}`, marks[verdict]])),
    '',
    ...checks
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')
      .map(({ verdict, words }) => wrap(`${marks[verdict]}: ${words}`)),
    wrap(
      `Gate: ${decision}: ${reason}. ${counted('pass')} checks passed, ${counted('inconclusive')} undecided, ${counted('fail')} failed.${looks}`,
      78,
      '',
    ),
  ].join('\n');
}

/** @throws {GateError} for the first version that was not promoted */
export function requirePromotion(versions: readonly Gated[]): void {
  const stopped = versions.find(({ gate }) => gate.decision !== 'promote');
  if (stopped === undefined) return;
  const { model, version, gate } = stopped;
  throw new GateError(`version ${version} of ${model} was not promoted: ${gate.reason}`);
}
