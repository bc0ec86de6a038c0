import { GateError } from '../core/errors.js';
import type { CheckVerdict } from '../evaluation/gate/check.js';
import type { Gate } from '../evaluation/gate/gate.js';
import { wrap } from './summary.js';

/** A version and what the gate made of it. */
export interface Judged {
  readonly model: string;
  readonly version: number;
  readonly gate: Gate;
}

/** What became of a version, and why. */
export function promotionInWords({ model, version, gate }: Judged): string {
  const outcome = {
    promote: 'promoted to champion',
    hold: 'held, the champion stays',
    refuse: 'refused, the champion stays',
  }[gate.decision];
  return wrap(`${model} version ${version}: ${outcome}: ${gate.reason}`, 78, '');
}

/** @throws {GateError} for the first version that was not promoted */
export function requirePromotion(versions: readonly Judged[]): void {
  const refused = versions.find(({ gate }) => gate.decision !== 'promote');
  if (refused === undefined) return;
  const { model, version, gate } = refused;
  throw new GateError(`version ${version} of ${model} was not promoted: ${gate.reason}`);
}

/** Every check of a gate, those that stand in the way first. */
export function gateTable({ checks }: Gate): string {
  const order: readonly CheckVerdict[] = ['fail', 'inconclusive', 'pass'];
  const shown = checks
    .filter(({ verdict }) => verdict !== 'not applicable')
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const width = Math.max(...shown.map(({ verdict }) => verdict.length));
  return shown
    .map(({ title, verdict, words }) =>
      `${wrap(`${title}: ${words}`, 78 - width - 4, ' '.repeat(width + 4))}`.replace(
        /^ +/,
        `  ${verdict.padEnd(width)}  `,
      ),
    )
    .join('\n');
}
