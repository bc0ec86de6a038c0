import { formatNumber } from '../evaluation/format-number.js';
import type { Estimate, PartFigures } from '../evaluation/part-figures.js';
import type { CardSection } from '../evaluation/report.js';

/** As much of `model.json` as a model card is told from; cards of every kind of model, and age, have some of it. */
export interface CardText {
  readonly task?: string;
  readonly classes?: readonly string[];
  readonly threshold?: number;
  readonly schemaHash?: string;
  readonly trainingSnapshot?: string;
  readonly toolkitVersion?: string;
  readonly seed?: number;
  readonly features?: readonly string[];
  readonly outputs?: readonly { readonly name: string; readonly description?: string }[];
  readonly bases?: readonly { readonly name: string; readonly kind: string; readonly weight: number }[];
  readonly stack?: string;
  readonly calibrator?: string;
  readonly use?: { readonly intended: readonly string[]; readonly limits: readonly string[] };
  readonly parts?: readonly PartFigures[];
  readonly command?: string;
  readonly assessments?: readonly {
    readonly title: string;
    readonly note?: string;
    readonly trainRows?: number;
    readonly testRows?: number;
    readonly metrics?: readonly {
      readonly label?: string;
      readonly name: string;
      readonly value: number;
      readonly lower: number;
      readonly upper: number;
    }[];
  }[];
  readonly lineage?: {
    readonly rows?: number;
    readonly asOf?: string;
    readonly sources?: readonly { readonly name: string; readonly id: string }[];
  };
}

/**
 * A model card (Mitchell et al. 2019, "Model Cards for Model Reporting"): what the model is for, what it cannot do, how
 * it did, over whom, and how it was made. The one text of the report and of MLflow's description.
 */
export function cardSections(card: CardText): readonly CardSection[] {
  return [
    ...useSections(card),
    ...(card.assessments ?? []).map(assessmentSection),
    ...(card.parts ?? []).map(partsSection),
    ...madeSection(card),
    ...trainedSection(card),
  ];
}

function useSections({ use, parts = [] }: CardText): CardSection[] {
  if (use === undefined) return [];
  const fairness =
    parts.length === 0
      ? []
      : [
          {
            title: 'Fairness',
            kind: 'words' as const,
            text: [
              `Judged apart by ${parts.map(({ by }) => by).join(', ')}, with counts and intervals. Parts too small to judge are named as such: of them nothing is known.`,
            ],
            list: parts.flatMap(weakestPart),
          },
        ];
  return [
    { title: 'Intended use', kind: 'words', text: use.intended },
    { title: 'Limits', kind: 'words', text: [], list: use.limits },
    ...fairness,
  ];
}

/** The part that a parting serves worst. */
function weakestPart({ by, metric, direction, parts, all }: PartFigures): string[] {
  const sign = direction === 'higher' ? 1 : -1;
  const judged = parts.flatMap(({ name, nRows, estimate }) =>
    estimate === null ? [] : [{ name, nRows, estimate }],
  );
  if (judged.length === 0) return [`${by}: no part has enough rows to be judged.`];
  const worst = judged.reduce((a, b) => (sign * b.estimate.value < sign * a.estimate.value ? b : a));
  const small = parts.length - judged.length;
  return [
    `${by}: weakest ${worst.name} (${formatNumber(worst.nRows)} rows), ${metric} ${inWords(worst.estimate)}${all === null ? '' : `, all rows ${formatNumber(all.value)}`}${small === 0 ? '' : `; ${small} too small to judge`}.`,
  ];
}

function assessmentSection({
  title,
  note = '',
  trainRows,
  testRows,
  metrics = [],
}: NonNullable<CardText['assessments']>[number]): CardSection {
  const rows =
    testRows === undefined
      ? []
      : [`${formatNumber(testRows)} rows, judged by a model of ${formatNumber(trainRows ?? 0)}.`];
  return {
    title,
    kind: 'figures',
    text: [note, ...rows].filter((line) => line !== ''),
    table: {
      head: ['', 'value', '95 % interval'],
      rows: metrics.map(({ label, name, value, lower, upper }) => [
        label ?? name,
        shown(value),
        `${shown(lower)} to ${shown(upper)}`,
      ]),
    },
  };
}

function partsSection({ by, metric, rates, parts }: PartFigures): CardSection {
  return {
    title: `By ${by}`,
    kind: 'figures',
    text: [],
    table: {
      head: [by, 'rows', metric, ...rates],
      rows: parts.map(({ name, nRows, estimate, rates: values }) => [
        name,
        formatNumber(nRows),
        ...[estimate, ...values].map((figure) => (figure === null ? 'too few' : inWords(figure))),
      ]),
    },
  };
}

function madeSection({
  bases = [],
  stack,
  calibrator,
  features,
  seed,
  toolkitVersion,
}: CardText): CardSection[] {
  if (stack === undefined) return [];
  return [
    {
      title: 'How it was made',
      kind: 'words',
      text: [
        `Base models, fitted out of fold: ${bases.map(({ name, kind, weight }) => `${name} (${kind}, weight ${weight.toFixed(2)})`).join(', ')}. Second level: ${stack}; calibration: ${calibrator ?? 'none'}. Judged on held-out rows, then fitted again on all of them.`,
        `${features === undefined ? '' : `${features.length} features, `}seed ${seed ?? '?'}, kol-trainer ${toolkitVersion ?? '?'}.`,
      ],
    },
  ];
}

function trainedSection({ lineage }: CardText): CardSection[] {
  if (lineage === undefined) return [];
  const { rows, asOf, sources = [] } = lineage;
  return [
    {
      title: 'Trained on',
      kind: 'words',
      text: [
        `${rows === undefined ? '?' : formatNumber(rows)} rows${asOf ? ` known at ${asOf}` : ''}: ${sources.map(({ name, id }) => `${name} (${id.slice(0, 12)})`).join(', ')}.`,
      ],
    },
  ];
}

function inWords({ value, lower, upper }: Estimate): string {
  return `${shown(value)} (${shown(lower)} to ${shown(upper)})`;
}

const shown = (value: number): string => (Number.isFinite(value) ? formatNumber(value) : String(value));
