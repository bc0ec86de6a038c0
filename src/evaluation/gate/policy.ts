import { z } from 'zod';

const positive = z.number().gt(0);
const from0 = z.number().min(0);
const share = z.number().min(0).max(1);
const say = <Schema extends z.ZodType>(schema: Schema, description: string): Schema =>
  schema.meta({ description });

/** Two levels: up to the first is well, beyond the second is wrong, between them the gate holds. */
function levels(hold: number, refuse: number, about: string) {
  const level = z.number().min(0);
  return say(
    z
      .strictObject({
        hold: say(level.default(hold), `${about}: above this the gate holds; a number from 0`),
        refuse: say(level.default(refuse), `${about}: above this the gate refuses; a number from 0`),
      })
      .refine(({ hold: low, refuse: high }) => low <= high, 'hold must not be above refuse')
      .prefault({}),
    about,
  );
}

function section<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  return say(z.strictObject(shape), description);
}

/** What a challenger must show; every key has a default and says what it is for. */
export const gatePolicy = z.strictObject({
  require: say(
    z.enum(['non-inferior', 'better']).default('non-inferior'),
    'what a challenger must show against the champion: "non-inferior" lets a fresher model that is not worse by more than the margins replace it, "better" asks for a gain beyond chance',
  ),
  alpha: say(
    z.number().gt(0).max(0.5).default(0.05),
    'chance of taking a model that is worse by a whole margin for non-inferior, over all looks at the same rows; a claim of "better" may be wrong with half of it; above 0 and at most 0.5',
  ),
  level: say(
    z.number().gt(0).lt(1).default(0.95),
    'confidence level of intervals that are shown, and beyond which a figure counts as surely bad; between 0 and 1',
  ),
  replicates: say(
    z.int().min(200).max(100_000).default(2_000),
    'resamples of a bootstrap, more where a small alpha needs them; a whole number from 200 to 100,000',
  ),
  rows: section(
    {
      atLeast: say(
        z.int().min(2).default(200),
        'fewer held-out rows of both models than this compare nothing, and the gate holds; a whole number from 2',
      ),
      ofEachClass: say(
        z.int().min(2).default(10),
        'fewer positive or negative rows than this compare nothing; a whole number from 2',
      ),
      series: say(
        z.int().min(2).default(20),
        'fewer series of both forecasters than this compare nothing; a whole number from 2',
      ),
    },
    'how many rows a comparison needs',
  ).prefault({}),
  looks: section(
    {
      spending: say(
        z.enum(['inverse-square', 'even', 'none']).default('inverse-square'),
        'how alpha is spread over the looks at the same rows: "inverse-square" never runs out, "even" gives alpha / planned to each, "none" spends all of it every time and is right only for rows used once',
      ),
      planned: say(
        z.int().min(1).max(10_000).default(20),
        'looks that "even" plans for; after them the gate holds until there are new rows; a whole number from 1',
      ),
      overlap: say(
        share.default(0.5),
        'held-out rows count as the same as earlier ones where at least this share of them was there already; 0 to 1',
      ),
    },
    'how the repeated use of the same held-out rows is paid for',
  ).prefault({}),
  lineage: section(
    {
      require: say(
        z
          .array(z.enum(['sources', 'rows', 'digest', 'query', 'seed', 'toolkitVersion']))
          .default(['sources', 'rows', 'digest', 'seed', 'toolkitVersion']),
        'what must be known of where a model comes from: sources (with what pins them), rows, digest, query, seed, toolkitVersion',
      ),
    },
    'where the model comes from, so that it can be made again',
  ).prefault({}),
  contract: section(
    {
      newInputs: say(
        z.enum(['allow', 'hold', 'refuse']).default('hold'),
        'what to do where a challenger asks for a column that the champion does not: whoever calls it must send that column first; allow, hold or refuse',
      ),
    },
    'whether the challenger can take the place of the champion in front of its callers',
  ).prefault({}),
  floor: section(
    {
      roc_auc: say(
        share.default(0.55),
        'the lower end of the interval of ROC-AUC must be above this, whatever the champion does: a model no better than chance is 0.5; 0 to 1',
      ),
      accuracy: say(
        share.default(0),
        'the same for the accuracy of a model of several classes; 0 asks for nothing; 0 to 1',
      ),
    },
    'what a model must reach by itself',
  ).prefault({}),
  baseline: say(
    z.boolean().default(true),
    'whether a model must beat the naive one beyond chance: the base rate, the class shares, the mean, or the season before; true or false',
  ),
  margins: section(
    {
      roc_auc: say(positive.default(0.01), 'loss of ROC-AUC that is tolerated; above 0'),
      brier_score: say(positive.default(0.005), 'rise of the Brier score that is tolerated; above 0'),
      log_loss: say(positive.default(0.02), 'rise of the log loss (nats) that is tolerated; above 0'),
      error_rate: say(positive.default(0.01), 'rise of the error rate that is tolerated; above 0'),
      relative: say(
        positive.default(0.02),
        'rise of MAE, squared error, MASE or RMSSE that is tolerated, as a share of that of the champion; above 0',
      ),
      newest: say(
        positive.default(2),
        'the margins on the newest rows are this many times as wide: there are fewer of them; above 0',
      ),
    },
    'how much worse than the champion still counts as equal (non-inferiority margins)',
  ).prefault({}),
  calibration: section(
    {
      bins: say(z.int().min(2).max(100).default(15), 'equal-mass bins of the calibration error; 2 to 100'),
      error: say(
        share.default(0.05),
        'expected calibration error beyond what chance gives a calibrated model; 0 to 1',
      ),
      slope: say(
        z.tuple([from0, from0]).default([0.7, 1.4]),
        'lowest and highest slope of the calibration line: below 1 probabilities are too extreme, above 1 too timid; two numbers from 0',
      ),
      intercept: say(
        positive.default(0.5),
        'how far probabilities may be off on the whole (calibration in the large), in log-odds; above 0',
      ),
      newest: say(
        positive.default(3),
        'how many times as far the newest rows may be off: base rates move in time; above 0',
      ),
    },
    'whether probabilities mean what they say, on rows of both kinds',
  ).prefault({}),
  slices: section(
    {
      columns: say(
        z.array(z.string().min(1)).default([]),
        'columns whose every value is judged by itself, such as platform or country; a list of names',
      ),
      atLeast: say(
        z.int().min(10).default(100),
        'slices with fewer rows are named, not judged; a whole number from 10',
      ),
      ofEachClass: say(
        z.int().min(2).default(10),
        'slices with fewer positive or negative rows are named, not judged; a whole number from 2',
      ),
      margin: say(
        positive.default(0.02),
        'loss of ROC-AUC, or rise of the first other metric of the task, that a slice may suffer; above 0',
      ),
    },
    'that no declared part of the rows is harmed while the mean improves; corrected for their number (Holm)',
  ).prefault({}),
  drift: section(
    {
      psi: levels(0.25, 0.75, 'population stability index of the scores, challenger against champion'),
      jensenShannon: levels(0.2, 0.35, 'Jensen-Shannon distance of the scores'),
      flips: levels(0.15, 0.3, 'share of rows that the two models decide differently at their thresholds'),
    },
    'how far the scores move for those who use them, better or not',
  ).prefault({}),
  parity: say(
    positive.default(1e-5),
    'largest difference between the graph and the model it was written from, relative above 1; above 0',
  ),
  budgets: section(
    {
      p50Milliseconds: say(positive.default(10), 'median time of one row through the graph, in ms; above 0'),
      p95Milliseconds: say(positive.default(50), 'time that 95 % of single rows stay below, in ms; above 0'),
      loadMilliseconds: say(positive.default(10_000), 'time to open the graph, in ms; above 0'),
      fileMegabytes: say(positive.default(200), 'size of the graph, in MB; above 0'),
      memoryMegabytes: say(positive.default(2_000), 'memory that opening the graph takes, in MB; above 0'),
    },
    'what serving may cost',
  ).prefault({}),
  leakage: section(
    {
      singleFeature: levels(
        0.97,
        0.99,
        'ROC-AUC (in either direction; of numbers to predict: rank correlation) of one input alone, lower end of its interval',
      ),
      distinct: say(
        share.default(0.99),
        'a short text or dense whole number that differs in this share of the rows names them; 0 to 1',
      ),
      time: say(
        share.default(0.99),
        'rank correlation of an input with the time of the rows from which on it is that time; 0 to 1',
      ),
      known: say(
        z.array(z.string()).default([]),
        'inputs that look like a leak and are none; a list of names',
      ),
    },
    'inputs that would not be there, or not mean anything, when it counts',
  ).prefault({}),
  approval: section(
    {
      tag: say(
        z.string().min(1).optional(),
        'tag of the version that a person must have set; unset: nobody need agree',
      ),
      value: say(z.string().default('approved'), 'what that tag must be'),
    },
    'whether a person must agree',
  ).prefault({}),
});
/** What the gate asks for: every threshold, budget and slice, as `gatePolicy` reads them. */
export type GatePolicy = z.infer<typeof gatePolicy>;

/** The policy where nothing is set. */
export const defaultPolicy: GatePolicy = gatePolicy.parse({});
