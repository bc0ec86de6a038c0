import { createHash } from 'node:crypto';

/** Longest texts that MLflow keeps; what is longer it refuses or cuts without a word. */
export const limits = Object.freeze({
  key: 250,
  paramValue: 6_000,
  tagValue: 8_000,
  datasetDigest: 36,
  datasetName: 500,
  modelTagValue: 100_000,
  metricsPerBatch: 1_000,
  paramsPerBatch: 100,
  tagsPerBatch: 100,
  /** Bytes; managed servers refuse larger requests. */
  batchBytes: 900_000,
});

const unfit = /[^\p{L}\p{N}_\-. /]/gu;

/**
 * A name that MLflow takes for a param, metric or tag. One that it takes already stays as it is; any other is
 * altered, and carries a piece of the hash of the old one, so that two names never become one.
 */
export function mlflowKey(name: string): string {
  const fit = name
    .replaceAll(unfit, '_')
    .split('/')
    .map((part) => (part === '' || part === '.' || part === '..' ? '_' : part))
    .join('/');
  if (fit === name && name.length <= limits.key) return name;
  return `${fit.slice(0, limits.key - 9)}-${shortHash(name)}`;
}

/** A text of at most `longest` characters; one that is longer is cut, and says so with its hash. */
export function mlflowText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = ` … (${text.length} characters, SHA-256 ${createHash('sha256').update(text).digest('hex')})`;
  return text.slice(0, longest - end.length).replace(/[\uD800-\uDBFF]$/, '') + end;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
