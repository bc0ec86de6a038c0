import { z } from 'zod';

/** What a person may set for a trust training; every key has a default that fits the sample. */
export const trustConfig = z.strictObject({
  /** Seeds folds, hold-out and every learner. */
  seed: z.int().min(0).max(4_294_967_295).default(7),
  /** Folds of the stack and the calibrator. */
  folds: z.int().min(2).max(20).default(5),
  /** Share of the rows held out at random, and of the newest rows held out by time. */
  holdOut: z.number().min(0.05).max(0.5).default(0.2),
  /** Only rows observed up to this moment (ISO 8601) are used. */
  asOf: z.iso
    .datetime({ offset: true })
    .or(z.iso.date())
    .optional()
    .meta({ description: 'expected a date or time such as 2026-11-23 or 2026-11-23T06:00:00Z' }),
  /** The registered model's name. */
  model: z
    .string()
    .regex(/^[\w-]+$/)
    .default('kol-trust'),
});
export type TrustConfig = z.infer<typeof trustConfig>;
