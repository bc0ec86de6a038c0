import { z } from 'zod';

const share = z.number().min(0).max(1);
const margin = z.number().min(0).max(1);

/** By how much a figure of the challenger may be worse than the champion's and still count as not worse. */
const margins = z
  .strictObject({
    roc_auc: margin
      .default(0.003)
      .describe('ROC-AUC; paired standard errors on some thousand rows are about 0.0007'),
    average_precision: margin.default(0.006).describe('average precision, about twice as noisy as ROC-AUC'),
    brier_score: margin.default(0.0015).describe('Brier score, in units of squared probability'),
    log_loss: margin.default(0.006).describe('log loss, in nats a row'),
  })
  .prefault({});

/** What a challenger must show. Every threshold has a default; a file may change any of them. */
export const gatePolicy = z.strictObject({
  require: z
    .enum(['better', 'not worse'])
    .default('better')
    .describe(
      'better: a primary figure must be better than the champion with an interval that leaves out 0, at the level below for all of them together; not worse: a fresher model that is not worse takes its place',
    ),
  primary: z
    .array(z.enum(['roc_auc', 'average_precision', 'brier_score', 'log_loss']))
    .min(1)
    .default(['roc_auc', 'brier_score'])
    .describe('the figures in which a challenger may win; the level is shared among them (Bonferroni)'),
  alpha: z
    .number()
    .min(0.0001)
    .max(0.2)
    .default(0.025)
    .describe(
      'how often, at most, an equal model may pass for better, over all looks at the same held-out rows; one-sided',
    ),
  margins: margins.describe('non-inferiority margins: worse by less than this is not worse'),
  leastRows: z
    .int()
    .min(20)
    .default(200)
    .describe('fewer rows held out from both models compare nothing: the gate holds'),
  floor: share
    .default(0.6)
    .describe('the lower end of the interval of ROC-AUC on rows held out at random must be above it'),
  calibrationError: share
    .default(0.05)
    .describe(
      'the lower end of the interval of the expected calibration error (15 bins of equal mass) on rows held out at random must not be above it',
    ),
  calibrationSlope: z
    .tuple([z.number(), z.number()])
    .default([0.8, 1.25])
    .describe('the calibration slope must lie within, or its 95 % interval reach into it; 1 is perfect'),
  calibrationIntercept: z
    .number()
    .min(0)
    .default(0.25)
    .describe('the calibration intercept, in log-odds, must not be further from 0, its interval considered'),
  sliceRows: z.int().min(20).default(150).describe('slices of fewer rows are listed, not judged'),
  sliceMargin: margin
    .default(0.01)
    .describe('by how much the Brier score of a slice may grow before it counts as harmed'),
  scoreDrift: z
    .number()
    .min(0)
    .default(0.25)
    .describe(
      'population stability index of the scores of champion and challenger on the same rows; above 0.25 the consumers see another model',
    ),
  flips: share
    .default(0.12)
    .describe(
      'share of rows whose decision at the operating threshold may change; more, and the gate holds until somebody looks',
    ),
  parity: z
    .number()
    .min(0)
    .default(1e-5)
    .describe('largest difference between the ONNX graph and the model on held-out and hostile rows'),
  rowMilliseconds: z
    .number()
    .min(0)
    .default(20)
    .describe('95th percentile of the time that the graph takes for one row, in ms, on the training machine'),
  batchMilliseconds: z.number().min(0).default(100).describe('the same for a hundred rows at once'),
  loadMilliseconds: z.number().min(0).default(5_000).describe('time to open the graph, in ms'),
  megabytes: z.number().min(0).default(60).describe('size of model.onnx, in MB'),
  memoryMegabytes: z
    .number()
    .min(0)
    .default(600)
    .describe('memory that the opened graph adds to a process, in MB'),
  singleFeature: share
    .default(0.985)
    .describe(
      'no single feature may tell the classes apart better than this (ROC-AUC of its cross-fitted bins): a feature that good is a copy of the label',
    ),
  schemaChange: z
    .enum(['allow', 'hold'])
    .default('hold')
    .describe(
      'hold: a challenger that reads columns which the champion did not waits until its consumers send them',
    ),
  approvalTag: z
    .string()
    .nullable()
    .default(null)
    .describe('where set, a version is promoted only once this tag of it says approved'),
});

/** Thresholds of the gate. */
export type GatePolicy = Readonly<z.infer<typeof gatePolicy>>;

/** The thresholds where nobody says anything. */
export const defaultPolicy: GatePolicy = Object.freeze(gatePolicy.parse({}));
