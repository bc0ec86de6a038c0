import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

/** Consumers send what the champion reads; a further column must reach them first. */
export function checkContract({ champion }: GateEvidence, { schemaChange }: GatePolicy): GateCheck {
  const about = { code: 'contract', title: 'Data contract' } as const;
  if (champion === null) return notApplicable(about.code, about.title, 'no consumer depends on it yet');
  const { newInputs } = champion;
  const named = newInputs.join(', ');
  return {
    ...about,
    verdict: newInputs.length === 0 || schemaChange === 'allow' ? 'pass' : 'inconclusive',
    value: newInputs.length,
    threshold: 0,
    words:
      newInputs.length === 0
        ? 'reads no column that the champion does not'
        : `reads ${named}, which consumers of the champion do not send; once they do, promote by hand or set schemaChange: allow`,
  };
}
