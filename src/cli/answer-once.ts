import { oncePerKey } from '../registry/run-key.js';
import { sendTraining } from './mlflow-sync.js';
import { writeTrainingMetrics } from './metrics-files.js';
import { requirePromotion, type Gated } from './promotion.js';
import type { CliSession } from './session.js';

/** What a training answers with. */
export interface Answer {
  readonly json: string;
  readonly summary: string;
  readonly verdicts: readonly Gated[];
}

interface Options {
  readonly runKey?: string;
  readonly json?: boolean;
  readonly requirePromotion?: boolean;
}

/**
 * Trains and prints the answer. Under a run key, the training is done by the first call, and the next ones print the
 * same answer and end with the same exit code.
 * @throws {GateError} where a promotion is required and was refused
 */
export async function answerOnce(
  session: CliSession,
  name: string,
  { runKey, json, requirePromotion: required }: Options,
  train: () => Promise<Answer>,
): Promise<void> {
  const measured = (): Promise<Answer> => measureTraining(session, train);
  const {
    json: data,
    summary,
    verdicts,
  } = runKey === undefined ? await measured() : await keptAnswer(session, name, runKey, measured);
  session.print(json ? data : summary);
  await sendTraining(session);
  if (required) requirePromotion(verdicts);
}

/** Trains, and leaves for Prometheus what it did. */
export async function measureTraining<Outcome extends Pick<Answer, 'verdicts'>>(
  session: CliSession,
  train: () => Promise<Outcome>,
): Promise<Outcome> {
  const began = Date.now();
  const outcome = await train();
  const finishedAt = Date.now();
  const seconds = (finishedAt - began) / 1000;
  await writeTrainingMetrics(
    session,
    outcome.verdicts.map((verdict) => ({ ...verdict, finishedAt, seconds })),
  );
  return outcome;
}

async function keptAnswer(
  session: CliSession,
  name: string,
  runKey: string,
  train: () => Promise<Answer>,
): Promise<Answer> {
  const { text, repeated } = await oncePerKey(session.runs, name, runKey, async () =>
    JSON.stringify(await train()),
  );
  if (repeated) session.progress.note(`done before under run key ${runKey}: this is its outcome`);
  return JSON.parse(text) as Answer;
}
