import { z } from 'zod';
import { ConfigError } from '../core/errors.js';
import { gatePolicy } from '../evaluation/gate/policy.js';

/** Seeds folds, hold-outs and every learner. */
export const seedSetting = z.int().min(0).max(4_294_967_295).default(7);

/** Folds of a stack and its calibrator. */
export const foldsSetting = z.int().min(2).max(20).default(5);

/** Share of the rows held out at random, and of the newest rows held out by time. */
export const holdOutSetting = z.number().min(0.05).max(0.5).default(0.2);

/** A moment (ISO 8601) after which nothing is used. */
export const asOfSetting = z.iso
  .datetime({ offset: true })
  .or(z.iso.date())
  .optional()
  .meta({ expected: 'expected a date or time such as 2026-11-23 or 2026-11-23T06:00:00Z' });

/** Snapshot ids by `schema.table` to read instead of the newest ones: what reproduces an old training. */
export const snapshotsSetting = z
  .record(z.string().regex(/^[^.]+\.[^.]+$/), z.string().min(1))
  .optional()
  .meta({ expected: 'expected snapshot ids by schema.table' });

/** The name a model is registered under. */
export const modelNameSetting = z.string().regex(/^[\w-]+$/);

/** What a challenger must show to become champion. */
export const gateSetting = gatePolicy.prefault({});

/** Which search found the boosters of a configuration, and which rows it did not see. */
export const tunedSetting = z
  .strictObject({
    study: z.string(),
    trials: z.int().min(1),
    seed: seedSetting,
    holdOut: holdOutSetting,
    rows: z.string(),
  })
  .describe('The search that found the boosters (kol tune): rows held out under its seed were not seen by it')
  .optional();

/**
 * Figures are quoted on rows that the search for boosters never saw.
 * @throws {ConfigError} where seed or hold-out differ from those of the search
 */
export function checkTuned({
  seed,
  holdOut,
  tuned,
}: {
  readonly seed: number;
  readonly holdOut: number;
  readonly tuned?: z.infer<typeof tunedSetting>;
}): void {
  if (tuned === undefined || (tuned.seed === seed && tuned.holdOut === holdOut)) return;
  throw new ConfigError(
    `boosters were tuned under seed=${tuned.seed} holdOut=${tuned.holdOut}; under seed=${seed} holdOut=${holdOut} the search has seen held-out rows, and figures would flatter: take the seed and the hold-out of the search, or tune again`,
  );
}
