import type { MlflowConnection } from '../mlflow/connection.js';
import { pauseBefore } from '../mlflow/pauses.js';
import { MlflowError } from '../mlflow/refusal.js';

/**
 * Makes something in MLflow exactly once, though MLflow gives it a name of its own choice: it is looked for by our key
 * before it is made, and again after a failure that may have come too late. What came twice all the same, since a
 * request outlived its sender, is removed.
 *
 * @param find all that carry the key, the one to keep first
 */
export async function createOnce<Thing>(
  mlflow: MlflowConnection,
  {
    find,
    create,
    discard,
  }: {
    readonly find: () => Promise<readonly Thing[]>;
    readonly create: () => Promise<Thing>;
    readonly discard: (thing: Thing) => Promise<void>;
  },
  signal?: AbortSignal,
): Promise<Thing> {
  const { maxRetries = 5, firstPause = 0.5 } = mlflow.settings;
  let made: Thing | undefined;
  for (let tries = 1; ; tries++) {
    const [first, ...others] = await find();
    if (first !== undefined) {
      for (const other of others) await discard(other);
      return first;
    }
    // Made, and the search does not show it yet.
    if (made !== undefined) return made;
    try {
      made = await create();
    } catch (error) {
      if (!(error instanceof MlflowError) || !error.mayHaveActed || tries > maxRetries) throw error;
      mlflow.settings.onRetry?.(`${error.message}; looking whether it was done (${tries} of ${maxRetries})`);
      await pauseBefore(tries, firstPause, signal);
    }
  }
}
