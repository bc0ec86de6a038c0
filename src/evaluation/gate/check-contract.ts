import { type Check, notApplicable } from './context.js';
import type { CheckVerdict } from './gate.js';

const title = 'Data contract';

/** Whether callers of the champion can call the challenger instead. */
export const contractCheck: Check = {
  code: 'contract',
  title,
  run({ subject: { contract }, policy }) {
    if (contract?.champion === undefined) {
      return [notApplicable('contract', title, 'there is no champion whose place it would take')];
    }
    const { challenger, champion } = contract;
    const before = new Map(champion.inputs.map(({ name, type }) => [name, type]));
    const added = challenger.inputs.filter(({ name }) => !before.has(name)).map(({ name }) => name);
    const retyped = challenger.inputs
      .filter(({ name, type }) => before.has(name) && before.get(name) !== type)
      .map(({ name, type }) => `${name} (${before.get(name)} → ${type})`);
    const dropped = champion.outputs.filter((name) => !challenger.outputs.includes(name));
    const broken = [
      ...(retyped.length > 0 ? [`other types of ${retyped.join(', ')}`] : []),
      ...(dropped.length > 0 ? [`no output ${dropped.join(', ')}`] : []),
    ];
    const asks = added.length > 0 ? [`new inputs ${added.join(', ')}`] : [];
    const verdict: CheckVerdict =
      broken.length > 0 || (added.length > 0 && policy.contract.newInputs === 'refuse')
        ? 'fail'
        : added.length > 0 && policy.contract.newInputs === 'hold'
          ? 'inconclusive'
          : 'pass';
    return [
      {
        code: 'contract',
        title,
        value: challenger.schemaHash,
        threshold: champion.schemaHash,
        verdict,
        evidence: { added, retyped, dropped },
        words:
          verdict === 'pass'
            ? 'whoever calls the champion can call it'
            : `it does not fit where the champion stands: ${[...broken, ...asks].join('; ')}`,
      },
    ];
  },
};
