import { type Check, notApplicable } from './context.js';

const title = 'Approval';

/** Whether a person has agreed, where the policy asks for that. */
export const approvalCheck: Check = {
  code: 'approval',
  title,
  run({ subject: { tags = {} }, policy }) {
    const { tag, value } = policy.approval;
    if (tag === undefined) return [notApplicable('approval', title, 'the policy asks for none')];
    const given = Object.hasOwn(tags, tag) ? tags[tag] : null;
    const approved = given?.toLowerCase() === value.toLowerCase();
    return [
      {
        code: 'approval',
        title,
        value: given,
        threshold: `${tag}=${value}`,
        verdict: approved ? 'pass' : given === null ? 'inconclusive' : 'fail',
        evidence: {},
        words: approved
          ? `approved by tag ${tag}`
          : given === null
            ? `nobody has approved it: tag ${tag} is not ${value}`
            : `approval is withheld: tag ${tag} is ${given}, not ${value}`,
      },
    ];
  },
};
