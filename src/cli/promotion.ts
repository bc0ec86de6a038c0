import { GateError } from '../core/errors.js';
import type { Challenge } from '../release/challenge.js';
import { wrap } from './summary.js';

/** A version and what the challenge made of it. */
export interface Challenged {
  readonly model: string;
  readonly version: number;
  readonly challenge: Challenge;
}

/** What became of a version, and why. */
export function promotionInWords({ model, version, challenge }: Challenged): string {
  const outcome = challenge.decision === 'promote' ? 'promoted to champion' : 'kept, the champion stays';
  return wrap(`${model} version ${version}: ${outcome}: ${challenge.reason}`, 78, '');
}

/** @throws {GateError} for the first version that was not promoted */
export function requirePromotion(versions: readonly Challenged[]): void {
  const refused = versions.find(({ challenge }) => challenge.decision !== 'promote');
  if (refused === undefined) return;
  const { model, version, challenge } = refused;
  throw new GateError(`version ${version} of ${model} was not promoted: ${challenge.reason}`);
}
