import { formatNumber } from '../evaluation/format-number.js';
import type { ModelColumn } from '../registry/mlflow/model-facts.js';

/** As much of `model.json` as the pages of MLflow show; cards of every kind of model have some of it. */
export interface CardText {
  readonly task?: string;
  readonly classes?: readonly string[];
  readonly threshold?: number;
  readonly schemaHash?: string;
  readonly trainingSnapshot?: string;
  readonly toolkitVersion?: string;
  readonly outputs?: readonly { readonly name: string; readonly description?: string }[];
  readonly assessments?: readonly {
    readonly title: string;
    readonly note?: string;
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

/** A version in Markdown: what it does, how well, of which data. */
export function modelCardInWords(
  name: string,
  card: CardText,
  inputs: readonly ModelColumn[],
  outputs: readonly { readonly name: string }[],
): string {
  const described = new Map((card.outputs ?? []).map((output) => [output.name, output.description ?? '']));
  return [
    `# ${name}`,
    [card.task, card.classes?.length ? `classes ${card.classes.join(', ')}` : undefined]
      .filter((part) => part !== undefined)
      .join(', '),
    ...(card.assessments ?? []).map(
      ({ title, note, metrics = [] }) =>
        `## ${title}\n${note ?? ''}\n\n| | value | 95 % interval |\n|---|---:|---|\n` +
        metrics
          .map((metric) => {
            const [value, lower, upper] = [metric.value, metric.lower, metric.upper].map(shown);
            return `| ${metric.label ?? metric.name} | ${value} | ${lower} to ${upper} |`;
          })
          .join('\n'),
    ),
    ...(card.lineage === undefined
      ? []
      : [
          `## Trained on\n${card.lineage.rows ?? '?'} rows${card.lineage.asOf ? ` known at ${card.lineage.asOf}` : ''}: ` +
            (card.lineage.sources ?? [])
              .map(({ name: table, id }) => `${table} (\`${id.slice(0, 32)}\`)`)
              .join(', '),
        ]),
    `## Use\n${inputs.length} inputs, named as the columns: ${inputs.map((input) => `\`${input.name}\``).join(', ')}.`,
    outputs.map((output) => `- \`${output.name}\` ${described.get(output.name) ?? ''}`.trimEnd()).join('\n'),
    ...(card.threshold === undefined ? [] : [`Operating threshold ${shown(card.threshold)}.`]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A registered model in Markdown, for all its versions. */
export function modelInWords(name: string, card: CardText): string {
  return [
    `# ${name}`,
    `One ONNX graph from raw columns to the calibrated answer${card.task === undefined ? '' : ` (${card.task})`}, made by kol-trainer.`,
    `\`models:/${name}@champion\` is the version to serve, \`models:/${name}@previous\` the one before it. ` +
      'Load it with `mlflow.onnx`, `mlflow.pyfunc` or ONNX Runtime; texts go in sanitised (NFC, lower case).',
  ].join('\n\n');
}

const shown = (value: number): string => (Number.isFinite(value) ? formatNumber(value) : String(value));
