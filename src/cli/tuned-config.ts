import { stringify } from 'yaml';
import type { z } from 'zod';
import type { FitContext } from '../champion/fit.js';
import { ConfigError } from '../core/errors.js';
import { createRng } from '../core/rng.js';
import { tuneBoosters, type Tuning, type TuningTask } from '../release/tune-champion.js';
import type { SearchLimits } from '../tuning/search.js';
import type { CliSession } from './session.js';

/** What of a configuration a search changes. */
export interface TunableConfig {
  readonly seed: number;
  readonly holdOut: number;
  readonly boosters?: unknown;
  readonly tuned?: unknown;
}

/** How long to search, as options say it. */
export interface SearchOptions {
  readonly trials?: number;
  /** Milliseconds. */
  readonly time?: number;
  /** Milliseconds a row. */
  readonly maxLatency?: number;
  /** Megabytes. */
  readonly maxSize?: number;
}

/** Where nothing bounds a search. */
const defaultTime = 600_000;

/** Searches the boosters of a task, and the configuration that trains with what was found. */
export async function tunedConfig<Config extends TunableConfig>(
  config: Config,
  task: TuningTask,
  { trials, time, maxLatency, maxSize }: SearchOptions,
  session: CliSession,
  context: Omit<FitContext, 'rng'>,
): Promise<{ readonly config: Config; readonly tuning: Tuning }> {
  const milliseconds = time ?? (trials === undefined ? defaultTime : undefined);
  const limits: SearchLimits = {
    ...(trials !== undefined && { trials }),
    ...(milliseconds !== undefined && { timeIsUp: AbortSignal.timeout(milliseconds) }),
    constraints: {
      ...(maxSize !== undefined && { bytes: 1e6 * maxSize }),
      ...(maxLatency !== undefined && { milliseconds: maxLatency }),
    },
  };
  session.progress.note(
    `searching on ${task.rows.length} rows; ${task.held.map(({ title, split }) => `${split.test.length} rows (${title})`).join(' and ')} are kept from the search`,
  );
  const rng = createRng(config.seed);
  const tuning = await tuneBoosters(task, config.seed, limits, session.runs, { ...context, rng });
  const { study, choice } = tuning;
  const tuned = {
    study,
    trials: tuning.trials.length,
    seed: config.seed,
    holdOut: config.holdOut,
    rows: task.digest.slice(0, 16),
  };
  return { config: { ...config, boosters: merged(config.boosters, choice), tuned }, tuning };
}

/** The configuration, its boosters searched before where `--tune` says for how long. */
export async function tunedAsAsked<Config extends TunableConfig>(
  config: Config,
  { tune }: { readonly tune?: number },
  taskOf: () => TuningTask | Promise<TuningTask>,
  session: CliSession,
  context: Omit<FitContext, 'rng'>,
): Promise<Config> {
  if (tune === undefined) return config;
  return (await tunedConfig(config, await taskOf(), { time: tune }, session, context)).config;
}

/** Settings that were there before hold where the search chose what there was. */
function merged(before: unknown, choice: Tuning['choice']): Tuning['choice'] {
  const earlier = (before ?? {}) as Tuning['choice'];
  const found = Object.entries(choice).map(([name, settings]): [string, typeof settings] => {
    const own = earlier[name];
    return [name, own && settings ? { ...own, ...settings } : settings];
  });
  return { ...earlier, ...Object.fromEntries(found) };
}

/**
 * A configuration as YAML that `--config` takes, without what the schema would put there anyway; seed, folds and hold-out
 * are always named, since the boosters were found under them.
 * @param about lines of comment above it
 */
export function configYaml<Schema extends z.ZodObject>(
  schema: Schema,
  config: Readonly<Record<string, unknown>>,
  about: readonly string[],
): string {
  const always = ['seed', 'folds', 'holdOut'];
  const kept = Object.entries(config).filter(([key, value]) => {
    if (value === undefined) return false;
    const setting = (schema.shape as Record<string, z.ZodType | undefined>)[key];
    if (setting === undefined) throw new ConfigError(`${key} is no key of this configuration`);
    const standard = setting.safeParse(undefined);
    return (
      always.includes(key) || !standard.success || JSON.stringify(standard.data) !== JSON.stringify(value)
    );
  });
  return `${about.map((line) => `# ${line}\n`).join('')}${stringify(Object.fromEntries(kept))}`;
}
