import { randomUUID } from 'node:crypto';
import { DataError } from '../../core/errors.js';
import { aliasChange, type AliasChange } from '../aliases.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import {
  deleteExperiment,
  ensureExperiment,
  getExperiment,
  renameExperiment,
  setExperimentTag,
  type Experiment,
} from '../mlflow/experiments.js';
import { isRefusal, MlflowError } from '../mlflow/refusal.js';
import { createRun, getRun, updateRun } from '../mlflow/runs.js';

/**
 * The moves of a model's aliases, kept in MLflow: a run whose params are the changes, numbered 1, 2, ….
 *
 * MLflow overwrites aliases and tags without comparing. A param of a run, however, is written once: of several who
 * log the same key with another value, the database lets one. That is the compare-and-swap of the local registry,
 * whose changes are files that are created once. A change that is on record holds, whoever dies thereafter: there
 * is no lock to be left behind.
 */
export interface Ledger {
  /** Where the run can be looked at. */
  readonly experiment: string;
  /** All changes in order. */
  read(): Promise<readonly AliasChange[]>;
  /** Appends a change if it is still the next one; false when another one came first. */
  append(change: AliasChange): Promise<boolean>;
}

const runTag = 'kol.ledger_run';
const param = /^change-(\d{8})$/;
const paramOf = (generation: number): string => `change-${String(generation).padStart(8, '0')}`;
/** Older servers keep 500 characters of a param, and refuse what is longer. */
const longestWhy = 160;

/**
 * The ledger of a model, made at its first use.
 * @throws {MlflowError} when somebody put it into MLflow's bin
 */
export async function openLedger(
  mlflow: MlflowConnection,
  model: string,
  signal?: AbortSignal,
): Promise<Ledger> {
  const name = `${model}.promotions`;
  const experiment = (await getExperiment(mlflow, name, signal)) ?? (await create(mlflow, name, signal));
  const runId = experiment.tags[runTag];
  if (experiment.isDeleted || runId === undefined) {
    throw new MlflowError(
      `experiment ${name}, the record of who promoted what, ${experiment.isDeleted ? 'was deleted in MLflow; restore it (mlflow experiments restore)' : `carries no tag ${runTag}; rename it`}`,
      { status: 400 },
    );
  }
  const ledger: Ledger = {
    experiment: name,
    async read() {
      const { params, isDeleted } = await getRun(mlflow, runId, signal);
      if (isDeleted) {
        throw new MlflowError(
          `run ${runId} of experiment ${name}, the record of who promoted what, was deleted; restore it in MLflow`,
          { status: 400 },
        );
      }
      return Object.entries(params)
        .filter(([key]) => param.test(key))
        .map(([key, value]) => parseChange(value, Number(param.exec(key)?.[1]), name))
        .sort((a, b) => a.generation - b.generation);
    },
    async append(change) {
      // Two who want the very same at the very same time must still differ.
      const value = JSON.stringify({ ...change, why: change.why.slice(0, longestWhy), nonce: randomUUID() });
      try {
        // Sent twice, it is the same value: that is taken.
        const body = { run_id: runId, key: paramOf(change.generation), value };
        await mlflow.call('POST', 'runs/log-parameter', { body, signal });
        return true;
      } catch (error) {
        if (isRefusal(error, 'INVALID_PARAMETER_VALUE') && /already logged|not allowed/i.test(error.message))
          return false;
        throw error;
      }
    },
  };
  return Object.freeze(ledger);
}

function parseChange(value: string, generation: number, experiment: string): AliasChange {
  try {
    const change = aliasChange.parse(JSON.parse(value));
    if (change.generation !== generation) throw new DataError(`generation=${change.generation}`);
    return Object.freeze(change);
  } catch (cause) {
    throw new DataError(
      `param ${paramOf(generation)} in MLflow's experiment ${experiment} is no move of aliases; it was written by hand or by a newer toolkit`,
      { cause },
    );
  }
}

/**
 * Makes the experiment under a name of its own, puts the run in, and gives it the name that all look for: names are
 * unique, so that of several at once one wins, and none is seen without its run.
 */
async function create(
  mlflow: MlflowConnection,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Experiment> {
  const id = await ensureExperiment(mlflow, `${name}.${randomUUID()}`, signal);
  const run = await createRun(
    mlflow,
    { experimentId: id, name: 'moves of the aliases', startedAt: Date.now() },
    signal,
  );
  await updateRun(mlflow, run.runId, { status: 'FINISHED', endedAt: Date.now() }, signal);
  await setExperimentTag(mlflow, id, runTag, run.runId, signal);
  let refusal: unknown;
  await renameExperiment(mlflow, id, name, signal).catch((error: unknown) => (refusal = error));
  const found = await getExperiment(mlflow, name, signal);
  if (found?.id !== id) await deleteExperiment(mlflow, id, signal).catch(() => undefined);
  if (found === undefined) throw refusal;
  return found;
}
