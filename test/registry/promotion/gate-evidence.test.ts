import { describe, expect, it } from 'vitest';
import { objectionTo, requireEvidence } from '../../../src/registry/promotion/gate-evidence.js';
import type { PromotableVersion } from '../../../src/registry/promotion/promotion-registry.js';

const now = Date.UTC(2026, 10, 26);
const day = 86_400_000;
const champion: PromotableVersion = {
  version: 4,
  runKey: undefined,
  tags: {},
  graph: 'aa11',
  createdAt: now - 30 * day,
};
const policy = { maxAgeDays: 7 };
const fresh = { decision: 'promote', 'kol.gate_champion': 'aa11' };
const candidate = (tags: Record<string, string> = fresh, createdAt = now - day): PromotableVersion => ({
  version: 5,
  runKey: undefined,
  tags,
  graph: 'bb22',
  createdAt,
});

describe('the evidence for a promotion', () => {
  it('is an evaluation that is fresh and was against the champion of today', () => {
    expect(objectionTo(candidate(), champion, policy, now)).toBeUndefined();
    const first = candidate({ decision: 'promote', 'kol.gate_champion': 'none' });
    expect(objectionTo(first, null, policy, now)).toBeUndefined();
  });

  it.each([
    [candidate({}), champion, policy, 'version 5 was never put before the gate'],
    [candidate({ ...fresh, decision: 'hold' }), champion, policy, 'the gate decided to hold version 5'],
    [candidate({ ...fresh, decision: 'refuse' }), champion, policy, 'the gate decided to refuse version 5'],
    [candidate({ decision: 'promote' }), champion, policy, 'does not say which champion'],
    [candidate(), { ...champion, graph: 'cc33', version: 6 }, policy, "today's is version 6"],
    [candidate(), null, policy, 'against model.onnx aa11…, there is none'],
    [
      candidate({ decision: 'promote', 'kol.gate_champion': 'none' }),
      champion,
      policy,
      'against no champion',
    ],
    [candidate(), { ...champion, graph: undefined }, policy, 'was evaluated against'],
    [candidate(fresh, now - 8 * day), champion, policy, '8.0 days old, more than 7'],
    [candidate(fresh, now + day), champion, policy, 'which is to come'],
    [candidate(fresh, NaN), champion, policy, 'does not say when'],
    [candidate(), champion, { ...policy, approvalTag: 'approved_by' }, 'carries no tag approved_by'],
  ])('is missing in %j', (version, today, rules, words) => {
    expect(objectionTo(version, today, rules, now)).toContain(words);
    expect(() => requireEvidence(version, today, rules, now)).toThrow('--force --why');
  });

  it('counts from the latest evaluation, and takes an approval', () => {
    const again = { ...fresh, 'kol.gate_at': new Date(now - day).toISOString(), approved_by: 'ana' };
    const rules = { ...policy, approvalTag: 'approved_by' };
    expect(objectionTo(candidate(again, now - 90 * day), champion, rules, now)).toBeUndefined();
  });
});
