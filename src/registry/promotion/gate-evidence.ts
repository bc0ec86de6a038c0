import { GateError } from '../../core/errors.js';
import type { PromotableVersion } from './promotion-registry.js';

/** Names of the tags in which a version carries what its evaluation said. */
export const gateTags = Object.freeze({
  /** `promote`, `hold` or `refuse`. */
  decision: 'decision',
  /** SHA-256 of the model.onnx of the champion that it was compared with; `none` where there was none. */
  champion: 'kol.gate_champion',
  /** ISO 8601 time of the comparison; the making of the version where it is left out. */
  at: 'kol.gate_at',
});

/** What must hold of an evaluation. */
export interface PromotionPolicy {
  /** Days that an evaluation stays good for. */
  readonly maxAgeDays: number;
  /** A tag that the version must carry, such as `approved_by`; none when left out. */
  readonly approvalTag?: string | undefined;
}

const dayLength = 86_400_000;
/** Clocks of two machines may differ by so much. */
const clockSkew = 600_000;

/**
 * Why a version may not be promoted now, or undefined: its evaluation must have said promote, not long ago, against
 * today's champion, and somebody must have approved where the policy asks for it. The champion is known by its
 * content, so that evaluations hold in every registry, whatever the numbers there.
 *
 * @param champion today's, or null
 * @param now milliseconds since 1970-01-01 UTC
 */
export function objectionTo(
  candidate: PromotableVersion,
  champion: PromotableVersion | null,
  policy: PromotionPolicy,
  now: number,
): string | undefined {
  const { tags, createdAt } = candidate;
  const name = `version ${candidate.version}`;
  const approval = policy.approvalTag;
  if (approval !== undefined && (tags[approval] ?? '') === '')
    return `${name} carries no tag ${approval}: somebody must approve it first`;
  const decision = tags[gateTags.decision];
  if (decision === undefined) return `${name} was never put before the gate`;
  if (decision !== 'promote') return `the gate decided to ${decision} ${name}`;
  const compared = tags[gateTags.champion];
  const today = champion === null ? 'none' : champion.graph;
  if (compared === undefined) return `the evaluation of ${name} does not say which champion it was against`;
  if (compared !== today) {
    const against = compared === 'none' ? 'no champion' : `model.onnx ${compared.slice(0, 12)}…`;
    const now_ = champion === null ? 'there is none' : `today's is version ${champion.version}`;
    return `${name} was evaluated against ${against}, ${now_}`;
  }
  const at = Date.parse(tags[gateTags.at] ?? '') || createdAt;
  if (Number.isNaN(at)) return `the evaluation of ${name} does not say when it was`;
  if (at > now + clockSkew)
    return `the evaluation of ${name} is of ${new Date(at).toISOString()}, which is to come`;
  const days = (now - at) / dayLength;
  if (days > policy.maxAgeDays)
    return `the evaluation of ${name} is ${days.toFixed(1)} days old, more than ${policy.maxAgeDays}`;
  return undefined;
}

/** @throws {GateError} with the objection and the ways out of it */
export function requireEvidence(...[candidate, champion, policy, now]: Parameters<typeof objectionTo>): void {
  const objection = objectionTo(candidate, champion, policy, now);
  if (objection === undefined) return;
  throw new GateError(
    `${objection}; train or evaluate it again, or promote it by hand with kol promote --force --why`,
  );
}
