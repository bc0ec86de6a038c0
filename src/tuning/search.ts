import type { BoosterSpec } from '../champion/booster-engine.js';
import type { BoosterChoice, BoosterSettings } from '../champion/booster-settings.js';
import { withBoosters } from '../champion/booster-settings.js';
import type { TrainingData } from '../champion/design.js';
import type { ChampionSpec, FitContext } from '../champion/fit.js';
import { foldSplits } from '../champion/row-splits.js';
import { ConfigError, throwIfAborted } from '../core/errors.js';
import { silent } from '../core/progress.js';
import { boosterSpace, currentPoint, settingsAt } from './booster-space.js';
import { isExhausted } from './expected-improvement.js';
import { goesOn } from './halving.js';
import { byMerit, meanLoss, type Observation } from './observation.js';
import { propose } from './propose.js';
import { excessOf, selectBoosters, type Constraints } from './select-boosters.js';
import type { Point, Space } from './space.js';
import { foldLoss, runTrial, type TrialGround, type TrialResult } from './trial.js';

/** A trial before it is made. */
export interface Trial {
  /** Counts from 0. */
  readonly number: number;
  readonly base: string;
  readonly point: Point;
  readonly settings: BoosterSettings;
}

export type FinishedTrial = Trial & TrialResult;

/** Where trials are written down, before and after. */
export interface TrialLog {
  /** What earlier calls of the same search finished. */
  readonly finished: readonly FinishedTrial[];
  begin(trial: Trial): Promise<{
    finish(result: TrialResult): Promise<void>;
    /** The trial came to no end: it is made again by the next call. */
    abandon(why: string): Promise<void>;
  }>;
}

/** How long and how wide to search. */
export interface SearchLimits {
  readonly trials?: number;
  /** Aborted when time is up: trials that run are finished, no further one begins but the first. */
  readonly timeIsUp?: AbortSignal;
  readonly constraints: Constraints;
}

/** What a search is about. */
export interface SearchProblem {
  readonly data: TrainingData;
  /** Rows that may be looked at. */
  readonly rows: Uint32Array;
  readonly spec: ChampionSpec;
  /** Whether training itself stops early; else the rounds that the search finds become settings. */
  readonly stopsEarly: boolean;
  readonly measure?: TrialGround['measure'];
}

/** What a search found. */
export interface SearchOutcome {
  readonly choice: BoosterChoice;
  /** In the order of their numbers. */
  readonly trials: readonly FinishedTrial[];
  /** The best trial of every booster that has one. */
  readonly best: readonly FinishedTrial[];
  /** Out-of-fold loss of the chosen boosters' mean. */
  readonly loss: number;
  readonly ended: 'trials' | 'time' | 'nothing more expected';
}

/**
 * A trial knows those that are at least so many numbers older, whether or not later ones are done by then: what is
 * proposed and what is stopped depends on no thread's speed. As many trials may run at the same time, one a thread.
 */
const lag = 4;
/** Rounds that early stopping may go up to where training has a fixed number of them. */
const mostRounds = 3_000;

/**
 * Searches the parameters of every booster of a champion, and which of them it should have: a search of its own for each,
 * taking turns, the first trial being what there is now. A trial fits one booster on folds of `rows`, as training does.
 *
 * With a number of trials for its limit, the outcome is a function of data, spec and seed.
 *
 * @throws {ConfigError} when there is no booster, or none keeps the constraints
 * @throws {InterruptedError} once `context.signal` is aborted; what was finished is in the log
 */
export async function searchBoosters(
  { data, rows, spec, stopsEarly, measure }: SearchProblem,
  { trials: mostTrials = Infinity, timeIsUp, constraints }: SearchLimits,
  log: TrialLog,
  context: FitContext,
): Promise<SearchOutcome> {
  const boosters = spec.bases.filter((base): base is BoosterSpec => base.kind === 'gradient-boosting');
  if (boosters.length === 0) throw new ConfigError('there is no booster to tune: all columns are texts');
  const rng = context.rng.split('tuning');
  const folds = foldSplits(data, spec, rows, rng.split('folds').integer(2 ** 32));
  const spaces = new Map<string, Space>(boosters.map((base) => [base.name, boosterSpace(base, rows.length)]));
  const ground: TrialGround = {
    ...{ data, rows, folds },
    context: { ...context, rng, progress: silent },
    ...(measure && { measure }),
  };

  const finished = new Map(log.finished.map((trial) => [trial.number, trial]));
  const turns = new Map(boosters.map(({ name }) => [name, 0]));
  const running = new Map<number, Promise<void>>();
  let ended: SearchOutcome['ended'] = 'trials';
  let failure: Error | undefined;

  const mostAtOnce = Math.min(lag, context.pool.threads);
  const mustWait = (number: number): boolean =>
    running.size >= mostAtOnce || [...running.keys()].some((older) => older <= number - lag);

  for (let number = 0; number < mostTrials; number++) {
    while (!finished.has(number) && mustWait(number)) await Promise.race(running.values());
    if (failure !== undefined || context.signal?.aborted) break;
    if (timeIsUp?.aborted && finished.size + running.size > 0) {
      ended = 'time';
      break;
    }
    const seen = [...finished.values()].filter((trial) => trial.number <= number - lag);
    const next = finished.get(number) ?? plan(number, seen);
    if (next === undefined) {
      ended = 'nothing more expected';
      break;
    }
    turns.set(next.base, (turns.get(next.base) ?? 0) + 1);
    if (finished.has(number)) continue;
    running.set(
      number,
      make(next, seen)
        .catch(
          (error: unknown) => void (failure ??= error instanceof Error ? error : new Error(String(error))),
        )
        .finally(() => running.delete(number)),
    );
  }
  await Promise.all(running.values());
  throwIfAborted(context.signal);
  if (failure !== undefined) throw failure;
  return { ...conclude(), ended };

  /** The next trial; undefined where none is expected to pay. */
  function plan(number: number, seen: readonly FinishedTrial[]): Trial | undefined {
    const known = (base: string): Observation[] => seen.filter((trial) => trial.base === base).map(observed);
    const open = boosters.filter(
      ({ name }) => !isExhausted(spaces.get(name)!, known(name), rng.split(`${name}/exhausted/${number}`)),
    );
    if (open.length === 0) return undefined;
    const base = open.reduce((fewest, each) =>
      turns.get(each.name)! < turns.get(fewest.name)! ? each : fewest,
    );
    const space = spaces.get(base.name)!;
    const isFirst = turns.get(base.name) === 0;
    const point = isFirst
      ? currentPoint(base, space)
      : propose(space, known(base.name), rng.split(`${base.name}/${number}`));
    return { number, base: base.name, point, settings: isFirst ? {} : settingsAt(base, point) };
  }

  async function make(trial: Trial, seen: readonly FinishedTrial[]): Promise<void> {
    const { base, settings } = trial;
    const rivals = seen.filter((other) => other.base === base).map(observed);
    const isCurrent = Object.keys(settings).length === 0;
    const alone = {
      ...spec,
      text: [],
      bases: spec.bases.filter(({ name }) => name === base),
      consensus: [base],
    };
    const searched = withBoosters(alone, {
      [base]: isCurrent || stopsEarly ? settings : { ...settings, nEstimators: mostRounds },
    });
    const entry = await log.begin(trial);
    try {
      const result = await runTrial(ground, searched, stopsEarly || !isCurrent, (losses) =>
        goesOn(losses, rivals, folds.length),
      );
      await entry.finish(result);
      finished.set(trial.number, { ...trial, ...result });
      tell(finished.get(trial.number)!);
    } catch (error) {
      await entry.abandon(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  function observed(trial: FinishedTrial): Observation {
    return { point: trial.point, losses: trial.losses, excess: excessOf(trial.cost, constraints) };
  }

  function tell(trial: FinishedTrial): void {
    const own = [...finished.values()].filter(({ base }) => base === trial.base).map(observed);
    const [best] = own.sort(byMerit);
    const judged = trial.losses.length;
    const stopped = judged < folds.length ? `, stopped after ${judged} of ${folds.length} folds` : '';
    context.progress.note(
      `trial ${trial.number} ${trial.base}: loss ${meanLoss(trial).toFixed(5)}${stopped} (best ${meanLoss(best).toFixed(5)})`,
    );
  }

  function conclude(): Omit<SearchOutcome, 'ended'> {
    const trials = [...finished.values()].sort((a, b) => a.number - b.number);
    const best = boosters.flatMap(({ name }) => {
      const whole = trials.filter(({ base, losses }) => base === name && losses.length === folds.length);
      return whole.sort((a, b) => byMerit(observed(a), observed(b))).slice(0, 1);
    });
    const judged = Uint32Array.from(folds.flatMap(({ test }) => Array.from(test)));
    const { chosen, loss } = selectBoosters(best, constraints, (margins) =>
      foldLoss(data, spec, judged, margins),
    );
    if (chosen.length === 0) {
      throw new ConfigError(
        `none of ${trials.length} trials keeps the constraints; the smallest booster needs ${describeLeast(trials)}: allow more, or search longer`,
      );
    }
    const choice = Object.fromEntries(
      boosters.map(({ name }): [string, BoosterSettings | false] => {
        const trial = best.find(({ base }) => base === name);
        // What time did not suffice for stays as it is, unless it might break constraints.
        if (trial === undefined) return [name, measure ? false : {}];
        if (!chosen.includes(name)) return [name, false];
        const { settings, rounds } = trial;
        return [
          name,
          stopsEarly || Object.keys(settings).length === 0 ? settings : { ...settings, nEstimators: rounds },
        ];
      }),
    );
    return { choice, trials, best, loss };
  }
}

function describeLeast(trials: readonly FinishedTrial[]): string {
  const least = (of: 'bytes' | 'milliseconds'): number =>
    Math.min(...trials.map(({ cost }) => cost?.[of] ?? Infinity));
  return `${(least('bytes') / 1e6).toFixed(2)} MB and ${least('milliseconds').toFixed(3)} ms a row`;
}
