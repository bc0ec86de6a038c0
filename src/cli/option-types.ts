import { InvalidArgumentError, Option } from 'commander';

/** A whole number from `low` to `high`. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
    }
    return value;
  };
}

/** Comma-separated or repeated values as one list. */
export function list(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(',').map((item) => item.trim())].filter((item) => item !== '');
}

/** A span of time such as `90s`, `30m` or `1h30m`, in milliseconds. */
export function duration(text: string): number {
  const found = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text);
  const [hours, minutes, seconds] = (found?.slice(1) ?? []).map((part) => Number(part ?? 0));
  const milliseconds = 1000 * (3600 * hours + 60 * minutes + seconds);
  if (!(milliseconds > 0)) throw new InvalidArgumentError('It must be a time such as 90s, 30m or 1h30m.');
  return milliseconds;
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** Options that several commands share. */
export const common = {
  seed: () =>
    new Option('--seed <n>', 'seed of folds, hold-out and learners').argParser(wholeNumber(0, 4_294_967_295)),
  threads: () =>
    new Option('--threads <n>', 'worker threads; results do not depend on it').argParser(
      wholeNumber(1, 1_024),
    ),
  config: () => new Option('--config <file>', 'YAML file with settings; options win over it'),
  lakehouse: () =>
    new Option('--lakehouse <folder>', 'embedded lakehouse (default: KOL_LAKEHOUSE or ./lakehouse)'),
  source: () =>
    new Option(
      '--source <source>',
      'where the tables are: an embedded lakehouse, or Trino (default: trino where TRINO_URL is set)',
    ).choices(['duckdb', 'trino']),
  asOf: () => new Option('--as-of <time>', 'use only what was known at this moment (ISO 8601)'),
  snapshot: () =>
    new Option(
      '--snapshot <table=id|run>',
      'read a table in a past snapshot, or all of them as a run read them (kol runs); repeatable',
    ).argParser((text: string, before: readonly string[] = []) => [...before, text]),
  folds: () => new Option('--folds <n>', 'folds of stacks and calibrators').argParser(wholeNumber(2, 20)),
  policy: () =>
    new Option(
      '--policy <file>',
      'YAML file of what the gate asks for (docs/gate.md); wins over the key gate',
    ),
  requirePromotion: () =>
    new Option('--require-promotion', 'end with exit code 4 when the gate does not promote'),
  runKey: () =>
    new Option(
      '--run-key <key>',
      'names this training: under one key it is done once, and repeated calls tell its outcome',
    ),
  hold: () => new Option('--hold', 'keep the version without promoting it; kol promote does that'),
  tune: () =>
    new Option(
      '--tune <time>',
      'search the parameters of the boosters for so long before, such as 30m (kol tune)',
    ).argParser(duration),
  json: () => new Option('--json', 'print the result as JSON'),
  skipBadRows: () =>
    new Option('--skip-bad-rows <file>', 'set bad rows aside in this file instead of stopping'),
};
