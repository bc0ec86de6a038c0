import type { BinaryEvaluation, RegressionEvaluation } from './evaluate.js';
import { formatNumber } from './format-number.js';
import type { Axis, Chart } from './svg-chart.js';

const unit = (label: string): Axis => ({ label, domain: [0, 1], format: (value) => value.toFixed(1) });
/** Tick labels that stay narrow: 40k, 2.5M. */
function short(value: number): string {
  const [divisor, suffix] = (
    [
      [1e9, 'G'],
      [1e6, 'M'],
      [1e3, 'k'],
    ] as const
  ).find(([d]) => Math.abs(value) >= d) ?? [1, ''];
  return `${Number((value / divisor).toPrecision(3))}${suffix}`.replace('-', '−');
}

/** The charts of a binary evaluation. */
export function binaryCharts(evaluation: BinaryEvaluation): readonly Chart[] {
  const { roc, precisionRecall, calibration, scores } = evaluation.curves;
  const value = (name: string): string =>
    formatNumber(evaluation.metrics.find((metric) => metric.name === name)?.value ?? NaN);
  const { positives, nRows } = evaluation;
  const prevalence = positives / nRows;
  const { tp, fp, tn, fn } = evaluation.threshold;
  const first = precisionRecall[0];
  const bars = (count: 'positives' | 'negatives', total: number) =>
    scores.map((bin) => [bin.from, bin.to, bin[count] / total] as const);
  const tallest = Math.max(
    ...scores.map((bin) => Math.max(bin.positives / positives, bin.negatives / (nRows - positives))),
  );
  return [
    {
      title: 'ROC curve',
      description: `Area ${value('roc_auc')}; at the threshold, ${formatNumber(tp / (tp + fn))} of the positives are found for ${formatNumber(fp / (fp + tn))} of the negatives.`,
      x: unit('False positive rate'),
      y: unit('True positive rate'),
      layers: [
        {
          mark: 'line',
          tone: 'muted',
          legend: 'chance',
          points: [
            [0, 0],
            [1, 1],
          ],
        },
        {
          mark: 'line',
          tone: 'first',
          legend: 'model',
          points: roc.map((point) => [point.falsePositiveRate, point.truePositiveRate]),
        },
        { mark: 'dots', tone: 'second', legend: 'threshold', points: [[fp / (fp + tn), tp / (tp + fn)]] },
      ],
    },
    {
      title: 'Precision and recall',
      description: `Average precision ${value('average_precision')}, ${formatNumber(prevalence)} by chance.`,
      x: unit('Recall'),
      y: unit('Precision'),
      layers: [
        {
          mark: 'line',
          tone: 'muted',
          legend: 'chance',
          points: [
            [0, prevalence],
            [1, prevalence],
          ],
        },
        {
          mark: 'line',
          tone: 'first',
          legend: 'model',
          points: [[0, first.precision], ...precisionRecall.map((p) => [p.recall, p.precision] as const)],
        },
        ...(tp + fp === 0
          ? []
          : [
              {
                mark: 'dots' as const,
                tone: 'second' as const,
                legend: 'threshold',
                points: [[tp / (tp + fn), tp / (tp + fp)] as const],
              },
            ]),
      ],
    },
    {
      title: 'Calibration',
      description: `Share of positives over mean probability in ${calibration.length} bins of equal size; expected calibration error ${value('calibration_error')}.`,
      x: unit('Mean probability'),
      y: unit('Share of positives'),
      layers: [
        {
          mark: 'area',
          tone: 'first',
          points: [
            ...calibration.map((bin) => [bin.predicted, bin.upper] as const),
            ...calibration.map((bin) => [bin.predicted, bin.lower] as const).reverse(),
          ],
        },
        {
          mark: 'line',
          tone: 'muted',
          legend: 'perfect',
          points: [
            [0, 0],
            [1, 1],
          ],
        },
        {
          mark: 'intervals',
          tone: 'first',
          points: calibration.map((bin) => [bin.predicted, bin.lower, bin.upper]),
        },
        {
          mark: 'dots',
          tone: 'first',
          legend: `observed, ${formatNumber(100 * evaluation.level)} % interval`,
          points: calibration.map((bin) => [bin.predicted, bin.observed]),
        },
      ],
    },
    {
      title: 'Probabilities by class',
      description: `How the probabilities of ${formatNumber(positives)} positive and ${formatNumber(nRows - positives)} negative rows spread over 0 to 1.`,
      x: unit('Probability'),
      y: { label: 'Share of the class', domain: [0, tallest * 1.05], format: short },
      layers: [
        { mark: 'bars', tone: 'second', legend: 'negative', points: bars('negatives', nRows - positives) },
        { mark: 'bars', tone: 'first', legend: 'positive', points: bars('positives', positives) },
      ],
    },
  ];
}

/** The charts of a regression evaluation. */
export function regressionCharts(evaluation: RegressionEvaluation): readonly Chart[] {
  const { calibration, residuals } = evaluation.curves;
  const ends = calibration.flatMap((bin) => [bin.predicted, bin.lower, bin.upper]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const last = residuals[residuals.length - 1];
  // A single value still needs an axis to stand on.
  const both = low === high ? ([low - 1, high + 1] as const) : ([low, high] as const);
  const spread = residuals[0].from === last.to ? 1 : 0;
  return [
    {
      title: 'Observed over predicted',
      description: `Mean target over mean prediction in ${calibration.length} bins of equal size.`,
      x: { label: 'Mean prediction', domain: both, format: short },
      y: { label: 'Mean target', domain: both, format: short },
      layers: [
        {
          mark: 'line',
          tone: 'muted',
          legend: 'perfect',
          points: [
            [both[0], both[0]],
            [both[1], both[1]],
          ],
        },
        { mark: 'intervals', tone: 'first', points: calibration.map((b) => [b.predicted, b.lower, b.upper]) },
        {
          mark: 'dots',
          tone: 'first',
          legend: `observed, ${formatNumber(100 * evaluation.level)} % interval`,
          points: calibration.map((bin) => [bin.predicted, bin.observed]),
        },
      ],
    },
    {
      title: 'Residuals',
      description: `Target minus prediction of ${formatNumber(evaluation.nRows)} rows, from ${formatNumber(residuals[0].from)} to ${formatNumber(last.to)}.`,
      x: {
        label: 'Target − prediction',
        domain: [residuals[0].from - spread, last.to + spread],
        format: short,
      },
      y: { label: 'Rows', domain: [0, 1.05 * Math.max(...residuals.map((bin) => bin.nRows))], format: short },
      layers: [
        {
          mark: 'bars',
          tone: 'first',
          points: residuals.map((bin) => [bin.from - spread / 2, bin.to + spread / 2, bin.nRows]),
        },
      ],
    },
  ];
}
