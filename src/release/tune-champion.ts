import { assess, type Assessment } from '../champion/assess.js';
import type { BaseModel, ChampionModel } from '../champion/model.js';
import { chooseRounds } from '../champion/choose-rounds.js';
import { withBoosters } from '../champion/booster-settings.js';
import { fitOnSplit, type ChampionSpec, type FitContext } from '../champion/fit.js';
import type { TrainingData } from '../champion/design.js';
import { sha256 } from '../core/record.js';
import { ConfigError } from '../core/errors.js';
import { take } from '../core/matrix.js';
import { Table } from '../core/table.js';
import type { Split } from '../ensemble/folds.js';
import { compareBinary, type Comparison } from '../evaluation/compare.js';
import type { CategoryEncoderModel } from '../learners/encoding/model.js';
import { exportChampion } from '../onnx/champion.js';
import type { RunStore } from '../registry/run-store.js';
import { searchBoosters, type SearchLimits, type SearchOutcome } from '../tuning/search.js';
import type { ServingCost } from '../tuning/trial.js';
import { measureServing } from './measure-serving.js';
import { withTrialLog } from './trial-store.js';

/** What a domain hands over to have its boosters searched. */
export interface TuningTask {
  /** The model's name. */
  readonly model: string;
  readonly data: TrainingData;
  readonly spec: ChampionSpec;
  /** Whether training stops boosters early by itself. */
  readonly stopsEarly: boolean;
  /** Rows that the search may look at: none that is judged afterwards. */
  readonly rows: Uint32Array;
  /** Tells the table apart from others. */
  readonly digest: string;
  /** Held-out rows, and the data as a model of their training side may know it. */
  readonly held: readonly {
    readonly title: string;
    readonly note: string;
    readonly split: Split;
    readonly data: TrainingData;
  }[];
}

/** A search and what pins it. */
export interface Tuning extends SearchOutcome {
  readonly study: string;
  /** Trials that an earlier call had finished. */
  readonly resumed: number;
}

/** How the tuned champion does on held-out rows that the search never saw. */
export interface TunedAssessment {
  readonly tuned: Assessment;
  /** With the boosters as they were. */
  readonly before: Assessment;
  /** Tuned against before, on the same rows; binary tasks only. */
  readonly comparisons: readonly Comparison[];
}

/** The id under which trials of the same search find each other. */
export function studyOf(
  { digest, spec, stopsEarly, rows }: TuningTask,
  seed: number,
  { constraints }: Pick<SearchLimits, 'constraints'>,
): string {
  return sha256(JSON.stringify({ digest, spec, stopsEarly, rows: [...rows], seed, constraints })).slice(
    0,
    12,
  );
}

/**
 * Searches the boosters of a champion, every trial kept in the run store under `<model>-tuning`; a search that was
 * stopped, or killed, goes on where it was.
 * @throws {ConfigError} as `searchBoosters`, and where the bases beside the boosters alone break the constraints
 */
export async function tuneBoosters(
  task: TuningTask,
  seed: number,
  limits: SearchLimits,
  runs: RunStore,
  context: FitContext,
): Promise<Tuning> {
  const study = studyOf(task, seed, limits);
  const measured = Object.keys(limits.constraints).length > 0;
  const left = measured ? await leftForBoosters(task, limits, context) : limits.constraints;
  return withTrialLog(runs, `${task.model}-tuning`, study, context.signal, async (log) => {
    const resumed = log.finished.length;
    if (resumed > 0) context.progress.note(`study ${study} goes on after ${resumed} finished trials`);
    const outcome = await searchBoosters(
      {
        ...task,
        ...(measured && {
          measure: ({ encoders, model }) => costOf(task, encoders, [{ name: 'booster', model }]),
        }),
      },
      { ...limits, constraints: left },
      log,
      context,
    );
    return { ...outcome, study, resumed };
  });
}

/** Judges the tuned champion, and the one there was before, on rows that the search never saw. */
export async function assessTuned(
  { held, spec, stopsEarly }: TuningTask,
  { choice }: Pick<SearchOutcome, 'choice'>,
  context: FitContext,
): Promise<readonly TunedAssessment[]> {
  const done: TunedAssessment[] = [];
  const tunedSpec = withBoosters(spec, choice);
  const isChanged = JSON.stringify(tunedSpec) !== JSON.stringify(spec);
  for (const { data, split, title, note } of held) {
    const judge = async (judged: ChampionSpec): Promise<Assessment> =>
      assess(
        data,
        stopsEarly ? await chooseRounds(data, judged, split.train, context, title) : judged,
        split,
        { title, note },
        context,
      );
    const tuned = await judge(tunedSpec);
    const before = isChanged ? await judge(spec) : tuned;
    const comparisons =
      spec.task === 'binary'
        ? compareBinary({
            y: take(data.y, split.test),
            a: tuned.scores.values,
            b: before.scores.values,
            rng: context.rng.split(`${title}/tuned`),
          })
        : [];
    done.push({ tuned, before, comparisons });
  }
  return done;
}

/** What the constraints leave for boosters beside all other bases. */
async function leftForBoosters(
  task: TuningTask,
  { constraints }: SearchLimits,
  context: FitContext,
): Promise<SearchLimits['constraints']> {
  const others = task.spec.bases.filter(({ kind }) => kind !== 'gradient-boosting');
  if (others.length === 0) return constraints;
  const { encoders, bases } = await fitOnSplit(
    task.data,
    { ...task.spec, bases: others },
    { train: task.rows, test: new Uint32Array() },
    context,
    'tuning/others',
  );
  const { bytes, milliseconds } = await costOf(task, encoders, bases);
  const left = {
    ...(constraints.bytes !== undefined && { bytes: constraints.bytes - bytes }),
    ...(constraints.milliseconds !== undefined && { milliseconds: constraints.milliseconds - milliseconds }),
  };
  if (Object.values(left).some((rest) => rest <= 0)) {
    throw new ConfigError(
      `${others.map(({ name }) => name).join(', ')} alone need ${(bytes / 1e6).toFixed(2)} MB and ${milliseconds.toFixed(3)} ms a row, which leaves boosters nothing; allow more with --max-size or --max-latency`,
    );
  }
  return left;
}

/** What some bases cost to serve, in a graph of their own. */
async function costOf(
  { spec, data, rows }: TuningTask,
  encoders: readonly CategoryEncoderModel[],
  bases: readonly { readonly name: string; readonly model: BaseModel }[],
): Promise<ServingCost> {
  const nMargins = spec.task === 'multiclass' ? spec.classes.length : 1;
  const model: ChampionModel = {
    kind: 'champion',
    format: 1,
    task: spec.task,
    classes: spec.classes,
    inputs: spec.inputs,
    features: spec.features,
    encoders,
    bases: bases.map(({ name, model: fitted }) => ({ name, model: fitted })),
    stack: {
      kind: 'linear-stack',
      format: 1,
      weights: new Float64Array(bases.length).fill(1 / bases.length),
      intercept: new Float64Array(nMargins),
    },
    calibrator: { kind: 'identity', format: 1 },
    ...(spec.tweediePower !== undefined && { link: 'log' as const }),
  };
  const onnx = exportChampion(model, {
    probabilities: [{ name: 'probability', of: 'positive', scale: 1 }],
    baseScores: false,
  });
  const { p50Milliseconds } = await measureServing(
    onnx,
    spec.inputs,
    Table.rows(data.table, rows.subarray(0, 250)),
  );
  return { bytes: onnx.length, milliseconds: p50Milliseconds };
}
