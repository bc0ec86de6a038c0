import { z } from 'zod';

/** What a person may set for a training of campaign success; every key has a default that fits the sample. */
export const campaignConfig = z.strictObject({
  /** Seeds folds, hold-out and every learner. */
  seed: z.int().min(0).max(4_294_967_295).default(7),
  /** Folds of the stacks and the calibrator. */
  folds: z.int().min(2).max(20).default(5),
  /** Share of the rows held out by KOL, and of the newest rows held out by time. */
  holdOut: z.number().min(0.05).max(0.5).default(0.2),
  /** A campaign whose conversion rate is above this quantile of its category is a success. */
  quantile: z.number().min(0.05).max(0.95).default(0.7),
  /** Days before its start at which a campaign is judged. */
  leadDays: z.int().min(0).max(365).default(0),
  /** Only rows processed up to this moment (ISO 8601) are used. */
  asOf: z.iso
    .datetime({ offset: true })
    .or(z.iso.date())
    .optional()
    .meta({ description: 'expected a date or time such as 2026-11-23 or 2026-11-23T06:00:00Z' }),
  /** The registered model's name. */
  model: z
    .string()
    .regex(/^[\w-]+$/)
    .default('kol-success'),
  /** The trust champion that scores are gated by. */
  trustModel: z
    .string()
    .regex(/^[\w-]+$/)
    .default('kol-trust'),
  /** KOLs whose probability of being trustworthy is below this are held. */
  trustThreshold: z.number().min(0).max(1).default(0.5),
  /** Length of the campaign that current KOLs are scored for. */
  campaignDays: z.int().min(1).max(365).default(14),
});
export type CampaignConfig = z.infer<typeof campaignConfig>;
