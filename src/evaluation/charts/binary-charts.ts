import type { BinaryEvaluation } from '../evaluate.js';
import { formatNumber } from '../format-number.js';
import { type Chart, frame, legend, referenceLine, shown, thresholdRule, tones, unitAxis } from './chart.js';

/** The charts of a binary evaluation. */
export function binaryCharts(evaluation: BinaryEvaluation): readonly Chart[] {
  return [
    rocChart(evaluation),
    precisionRecallChart(evaluation),
    calibrationChart(evaluation),
    scoreChart(evaluation),
    gainChart(evaluation),
    thresholdChart(evaluation),
  ];
}

function valueOf(evaluation: BinaryEvaluation, name: string): string {
  return formatNumber(evaluation.metrics.find((metric) => metric.name === name)?.value ?? NaN);
}

function rocChart(evaluation: BinaryEvaluation): Chart {
  const { tp, fp, tn, fn } = evaluation.threshold;
  const point = { x: fp / (fp + tn), y: tp / (tp + fn) };
  return {
    title: 'ROC curve',
    description: `Area ${valueOf(evaluation, 'roc_auc')}; at the threshold, ${formatNumber(point.y)} of the positives are found for ${formatNumber(point.x)} of the negatives.`,
    spec: curveSpec({
      x: 'False positive rate',
      y: 'True positive rate',
      curve: evaluation.curves.roc.map((p) => ({ x: p.falsePositiveRate, y: p.truePositiveRate })),
      chance: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
      point,
    }),
  };
}

function precisionRecallChart(evaluation: BinaryEvaluation): Chart {
  const { tp, fp, fn } = evaluation.threshold;
  const prevalence = evaluation.positives / evaluation.nRows;
  const curve = evaluation.curves.precisionRecall;
  return {
    title: 'Precision and recall',
    description: `Average precision ${valueOf(evaluation, 'average_precision')}, ${formatNumber(prevalence)} by chance.`,
    spec: curveSpec({
      x: 'Recall',
      y: 'Precision',
      curve: [{ x: 0, y: curve[0].precision }, ...curve.map((p) => ({ x: p.recall, y: p.precision }))],
      chance: [
        { x: 0, y: prevalence },
        { x: 1, y: prevalence },
      ],
      point: tp + fp === 0 ? null : { x: tp / (tp + fn), y: tp / (tp + fp) },
    }),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve, what chance would draw, and the operating point. */
function curveSpec(given: {
  readonly x: string;
  readonly y: string;
  readonly curve: readonly Point[];
  readonly chance: readonly Point[];
  readonly point: Point | null;
}): Chart['spec'] {
  const color = {
    field: 'series',
    ...legend(['model', 'chance', 'threshold'], [tones.first, tones.muted, tones.second]),
  };
  const x = unitAxis('x', given.x);
  const y = unitAxis('y', given.y);
  return {
    ...frame,
    encoding: { x, y, color },
    layer: [
      {
        data: { values: given.chance.map((point) => ({ ...point, series: 'chance' })) },
        mark: referenceLine,
      },
      {
        data: {
          values: given.curve.map((point, i) => ({ ...point, i, series: 'model' })),
        },
        mark: { type: 'line', strokeWidth: 2, tooltip: true },
        encoding: {
          order: { field: 'i', type: 'quantitative' },
          tooltip: [shown('x', given.x, '.3f'), shown('y', given.y, '.3f')],
        },
      },
      {
        data: { values: given.point === null ? [] : [{ ...given.point, series: 'threshold' }] },
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: {
          tooltip: [shown('x', given.x, '.3f'), shown('y', given.y, '.3f')],
        },
      },
    ],
  };
}

function calibrationChart(evaluation: BinaryEvaluation): Chart {
  const { calibration } = evaluation.curves;
  const observed = `observed, ${formatNumber(100 * evaluation.level)} % interval`;
  return {
    title: 'Calibration',
    description: `Share of positives over mean probability in ${calibration.length} bins of equal size; expected calibration error ${valueOf(evaluation, 'calibration_error')}.`,
    spec: {
      ...frame,
      data: { values: calibration.map((bin) => ({ ...bin, series: observed })) },
      encoding: { x: unitAxis('predicted', 'Mean probability') },
      layer: [
        {
          data: {
            values: [
              { x: 0, y: 0, series: 'perfect' },
              { x: 1, y: 1, series: 'perfect' },
            ],
          },
          mark: referenceLine,
          encoding: {
            x: unitAxis('x', 'Mean probability'),
            y: unitAxis('y', 'Share of positives'),
            color: { field: 'series', ...legend(['perfect', observed], [tones.muted, tones.first]) },
          },
        },
        {
          mark: { type: 'area', color: tones.first, opacity: 0.14 },
          encoding: { y: unitAxis('lower', 'Share of positives'), y2: { field: 'upper' } },
        },
        {
          mark: { type: 'rule', color: tones.first, strokeWidth: 1.5 },
          encoding: { y: unitAxis('lower', 'Share of positives'), y2: { field: 'upper' } },
        },
        {
          mark: { type: 'point', filled: true, size: 45, opacity: 1 },
          encoding: {
            y: unitAxis('observed', 'Share of positives'),
            color: { field: 'series', type: 'nominal' },
            tooltip: [
              shown('predicted', 'Mean probability', '.3f'),
              shown('observed', 'Share of positives', '.3f'),
              shown('lower', 'from', '.3f'),
              shown('upper', 'to', '.3f'),
            ],
          },
        },
      ],
    },
  };
}

function scoreChart(evaluation: BinaryEvaluation): Chart {
  const { positives, nRows, threshold } = evaluation;
  const negatives = nRows - positives;
  const values = evaluation.curves.scores.flatMap((bin) => [
    { from: bin.from, to: bin.to, share: bin.negatives / negatives, series: 'negative' },
    { from: bin.from, to: bin.to, share: bin.positives / positives, series: 'positive' },
  ]);
  return {
    title: 'Probabilities by class',
    description: `How the probabilities of ${formatNumber(positives)} positive and ${formatNumber(negatives)} negative rows spread over 0 to 1; the rule is the threshold.`,
    spec: {
      ...frame,
      data: { values },
      // The threshold explorer moves it.
      params: [{ name: 'threshold', value: threshold.threshold }],
      layer: [
        {
          mark: { type: 'bar', opacity: 0.55, tooltip: true },
          encoding: {
            x: { ...unitAxis('from', 'Probability'), bin: 'binned' },
            x2: { field: 'to' },
            y: {
              field: 'share',
              type: 'quantitative',
              title: 'Share of the class',
              stack: null,
              axis: { tickCount: 5 },
            },
            color: {
              field: 'series',
              ...legend(['negative', 'positive'], [tones.second, tones.first]),
            },
          },
        },
        thresholdRule,
      ],
    },
  };
}

function gainChart(evaluation: BinaryEvaluation): Chart {
  const { positives, nRows } = evaluation;
  const points = evaluation.curves.thresholds.map(({ tp, fp }) => ({
    taken: (tp + fp) / nRows,
    found: tp / positives,
  }));
  const at = (share: number) => points.find(({ taken }) => taken >= share)?.found ?? 1;
  return {
    title: 'Gain and lift',
    description: `The tenth of the rows with the highest probability holds ${formatNumber(at(0.1))} of the positives (lift ${valueOf(evaluation, 'lift_10')}), a fifth ${formatNumber(at(0.2))}.`,
    spec: {
      ...frame,
      layer: [
        {
          data: {
            values: [
              { x: 0, y: 0, series: 'chance' },
              { x: 1, y: 1, series: 'chance' },
            ],
          },
          mark: referenceLine,
          encoding: {
            x: unitAxis('x', 'Share of rows, highest first'),
            y: unitAxis('y', 'Share of positives found'),
            color: {
              field: 'series',
              ...legend(['model', 'best possible', 'chance'], [tones.first, tones.second, tones.muted]),
            },
          },
        },
        {
          data: {
            values: [
              { x: 0, y: 0, series: 'best possible' },
              { x: positives / nRows, y: 1, series: 'best possible' },
              { x: 1, y: 1, series: 'best possible' },
            ],
          },
          mark: { type: 'line', strokeWidth: 1 },
          encoding: {
            x: unitAxis('x', 'Share of rows, highest first'),
            y: unitAxis('y', 'Share of positives found'),
            color: { field: 'series', type: 'nominal' },
          },
        },
        {
          data: {
            values: [
              { x: 0, y: 0, lift: points[0].found / points[0].taken },
              ...points.map(({ taken, found }) => ({ x: taken, y: found, lift: found / taken })),
            ].map((point) => ({ ...point, series: 'model' })),
          },
          mark: { type: 'line', strokeWidth: 2, tooltip: true },
          encoding: {
            x: unitAxis('x', 'Share of rows, highest first'),
            y: unitAxis('y', 'Share of positives found'),
            color: { field: 'series', type: 'nominal' },
            tooltip: [
              shown('x', 'Share of rows', '.3f'),
              shown('y', 'Share of positives', '.3f'),
              shown('lift', 'Lift', '.2f'),
            ],
          },
        },
      ],
    },
  };
}

function thresholdChart(evaluation: BinaryEvaluation): Chart {
  const values = evaluation.curves.thresholds.flatMap(({ threshold, tp, fp, fn }) => [
    ...(tp + fp > 0 ? [{ threshold, value: tp / (tp + fp), series: 'precision' }] : []),
    { threshold, value: tp / (tp + fn), series: 'recall' },
    { threshold, value: (2 * tp) / (2 * tp + fp + fn), series: 'F1' },
  ]);
  return {
    title: 'Precision, recall and F1 over the threshold',
    description: `At the operating threshold ${formatNumber(evaluation.threshold.threshold)}: ${evaluation.threshold.metrics
      .map(({ label, value }) => `${label} ${formatNumber(value)}`)
      .join(', ')}.`,
    spec: {
      ...frame,
      data: { values },
      params: [{ name: 'threshold', value: evaluation.threshold.threshold }],
      layer: [
        {
          mark: { type: 'line', strokeWidth: 2, tooltip: true },
          encoding: {
            x: unitAxis('threshold', 'Threshold'),
            y: unitAxis('value', 'Share'),
            color: {
              field: 'series',
              ...legend(['precision', 'recall', 'F1'], [tones.first, tones.second, tones.muted]),
            },
          },
        },
        thresholdRule,
      ],
    },
  };
}
