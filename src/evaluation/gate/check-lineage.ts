import type { Check } from './context.js';
import type { LineageFacts } from './subject.js';

type Part = 'sources' | 'rows' | 'digest' | 'query' | 'seed' | 'toolkitVersion';

/** Whether it is known what the model was made from, so that it can be made again. */
export const lineageCheck: Check = {
  code: 'lineage',
  title: 'Lineage complete',
  run({ subject: { lineage = {} }, policy }) {
    const missing = policy.lineage.require.filter((part) => !isKnown(lineage, part));
    return [
      {
        code: 'lineage',
        title: 'Lineage complete',
        value: missing.length === 0 ? 'complete' : `without ${missing.join(', ')}`,
        threshold: policy.lineage.require.join(', '),
        verdict: missing.length === 0 ? 'pass' : 'fail',
        evidence: {
          sources: (lineage.sources ?? []).map(({ name, id }) => `${name}@${id}`),
          rows: lineage.rows ?? null,
          digest: lineage.digest ?? null,
          seed: lineage.seed ?? null,
          toolkitVersion: lineage.toolkitVersion ?? null,
        },
        words:
          missing.length === 0
            ? 'it is known what the model was made from'
            : `it is not known what the model was made from: ${missing.join(', ')} missing`,
      },
    ];
  },
};

function isKnown(lineage: LineageFacts, part: Part): boolean {
  switch (part) {
    case 'sources': {
      const { sources = [] } = lineage;
      return sources.length > 0 && sources.every(({ name, id }) => name !== '' && id !== '');
    }
    case 'rows':
      return (lineage.rows ?? 0) > 0;
    case 'query':
      return Boolean(lineage.query) && Boolean(lineage.queryHash);
    case 'digest':
    case 'toolkitVersion':
      return Boolean(lineage[part]);
    case 'seed':
      return Number.isSafeInteger(lineage.seed);
  }
}
