import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

/** Where the policy names a tag, a person has said yes. */
export function checkApproval({ approval }: GateEvidence, { approvalTag }: GatePolicy): GateCheck {
  const about = { code: 'approval', title: 'Approval' } as const;
  if (approvalTag === null) return notApplicable(about.code, about.title, 'none is asked for');
  const approved = approval === 'approved';
  return {
    ...about,
    verdict: approved ? 'pass' : 'inconclusive',
    value: null,
    threshold: null,
    words: approved
      ? `tag ${approvalTag} says approved`
      : `waits until tag ${approvalTag} of the version says approved`,
  };
}
