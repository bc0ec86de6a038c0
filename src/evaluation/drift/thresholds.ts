import { z } from 'zod';

const share = z.number().min(0).max(1);

/** Two levels of a measure: from the first on it is worth a look, from the second on it is drift. */
function levels(watch: number, drift: number, about: string) {
  const most = z.number().min(0);
  return z
    .strictObject({ watch: most.default(watch), drift: most.default(drift) })
    .prefault({})
    .meta({ description: `${about}: watch and drift, numbers from 0` });
}

function rule(defaults: { change: number; score: number }, about: string) {
  return z
    .strictObject({
      days: z.int().min(1).max(90).default(7),
      change: z.number().min(0).default(defaults.change),
      score: z.number().min(0).default(defaults.score),
      watch: share.default(0.01),
      drift: share.default(0.05),
    })
    .prefault({})
    .meta({
      description: `${about}: days (1 to 90), change and score (from 0), watch and drift (shares of KOLs, 0 to 1)`,
    });
}

/** From where on a difference counts, each with its reason; every key has a default. */
export const driftThresholds = z.strictObject({
  /**
   * The chance of any false alarm among all measures of a batch, if nothing changed (Holm's correction). A difference
   * that sampling explains is never drift, however large it looks in a small batch.
   */
  alpha: z.number().gt(0).lt(1).default(0.01).meta({ description: 'must be between 0 and 1, such as 0.01' }),
  /** Credit scoring's customary levels (Siddiqi 2006), of the index less what sampling adds to it. */
  psi: levels(0.1, 0.25, 'population stability index'),
  /** About the same shifts as the levels of the index: PSI ≈ 8 ln 2 · JS² for small ones. */
  jensenShannon: levels(0.15, 0.25, 'Jensen-Shannon distance'),
  /** A tenth of the rows, or a fifth, has moved across some value. */
  kolmogorovSmirnov: levels(0.1, 0.2, 'Kolmogorov-Smirnov distance'),
  /** Change of the share of missing values, in either direction: a source that broke, or a column that was repaired. */
  missing: levels(0.02, 0.1, 'change of the share of missing values'),
  /** Share of rows with a category that the training did not know: the model treats all of them alike. */
  unseen: levels(0.01, 0.05, 'share of rows in new categories'),
  /** Loss of ROC-AUC or accuracy, or rise of the Brier score, against the held-out rows of the training. */
  performance: levels(0.01, 0.03, 'expected loss of performance'),
  /** Followers that grow by more than `change` in `days`, `score` robust deviations above the KOL's own history. */
  followerSpike: rule({ change: 0.2, score: 6 }, 'follower spikes'),
  /** Mean sentiment that falls by more than `change` in `days`, `score` robust deviations below its own history. */
  sentimentDrop: rule({ change: 0.2, score: 4 }, 'sentiment drops'),
  /** KOLs of whose latest `days` more than the share `outside` lies beyond the interval that was forecast. */
  forecastGap: z
    .strictObject({
      days: z.int().min(1).max(90).default(7),
      outside: share.default(0.5),
      watch: share.default(0.05),
      drift: share.default(0.2),
    })
    .prefault({})
    .meta({
      description: 'forecast gaps: days (1 to 90), outside, watch and drift (shares, 0 to 1)',
    }),
});

export type DriftThresholds = z.infer<typeof driftThresholds>;
/** Where a measure is worth a look, and where it is drift. */
export interface Levels {
  readonly watch: number;
  readonly drift: number;
}
export type DriftVerdict = 'steady' | 'watch' | 'drift';

/** What a value says that chance does not explain. */
export function verdictOf(value: number, { watch, drift }: Levels): DriftVerdict {
  return value >= drift ? 'drift' : value >= watch ? 'watch' : 'steady';
}

/** The gravest of some verdicts. */
export function gravest(verdicts: readonly DriftVerdict[]): DriftVerdict {
  return verdicts.includes('drift') ? 'drift' : verdicts.includes('watch') ? 'watch' : 'steady';
}
