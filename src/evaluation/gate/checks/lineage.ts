import type { GateCheck } from '../check.js';
import type { GateEvidence } from '../evidence.js';

/** Every table is pinned by a snapshot or a hash, and the rows by a digest: the training can be repeated. */
export function checkLineage({
  lineage: { sources, rows, digest },
}: Pick<GateEvidence, 'lineage'>): GateCheck {
  const unpinned = sources.filter(({ id }) => id === '').map(({ name }) => name);
  const missing = [
    ...(sources.length === 0 ? ['the tables it was trained on'] : []),
    ...unpinned.map((name) => `the snapshot of ${name}`),
    ...(rows > 0 ? [] : ['the number of rows']),
    ...(digest === '' ? ['the digest of the rows'] : []),
  ];
  return {
    code: 'lineage',
    title: 'Lineage',
    verdict: missing.length === 0 ? 'pass' : 'fail',
    value: sources.length - unpinned.length,
    threshold: sources.length,
    words:
      missing.length === 0
        ? `${rows} rows of ${sources.map(({ name }) => name).join(', ')}, each pinned`
        : `cannot be repeated: ${missing.join(', ')} is not known`,
  };
}
