import { formatNumber } from '../evaluation/format-number.js';
import type { CardSection } from '../evaluation/report.js';
import { cardSections, type CardText } from './model-card-text.js';

/** A version in Markdown, for MLflow's pages: the model card, and how it is called. */
export function modelCardInMarkdown(
  name: string,
  card: CardText,
  inputs: readonly { readonly name: string }[],
  outputs: readonly { readonly name: string }[],
): string {
  const described = new Map((card.outputs ?? []).map((output) => [output.name, output.description ?? '']));
  return [
    `# ${name}`,
    [card.task, card.classes?.length ? `classes ${card.classes.join(', ')}` : undefined]
      .filter((part) => part !== undefined)
      .join(', '),
    ...cardSections(card).map(sectionInMarkdown),
    `## Use\n${inputs.length} inputs, named as the columns: ${inputs.map((input) => `\`${input.name}\``).join(', ')}.`,
    outputs.map((output) => `- \`${output.name}\` ${described.get(output.name) ?? ''}`.trimEnd()).join('\n'),
    ...(card.threshold === undefined ? [] : [`Operating threshold ${formatNumber(card.threshold)}.`]),
    ...(card.command === undefined ? [] : [`## Make it again\n\n    ${card.command}`]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A registered model in Markdown, for all its versions. */
export function modelInMarkdown(name: string, card: CardText): string {
  return [
    `# ${name}`,
    `One ONNX graph from raw columns to the calibrated answer${card.task === undefined ? '' : ` (${card.task})`}, made by kol-trainer.`,
    `\`models:/${name}@champion\` is the version to serve, \`models:/${name}@previous\` the one before it. ` +
      'Load it with `mlflow.onnx`, `mlflow.pyfunc` or ONNX Runtime; texts go in sanitised (NFC, lower case).',
  ].join('\n\n');
}

function sectionInMarkdown({ title, text, list = [], table }: CardSection): string {
  return [
    `## ${escaped(title)}`,
    ...text.map(escaped),
    list.map((item) => `- ${escaped(item)}`).join('\n'),
    table === undefined
      ? ''
      : [table.head, table.head.map((_, j) => (j === 0 ? '---' : '---:')), ...table.rows]
          .map(
            (row, i) =>
              `| ${row.map((cell) => (i === 1 ? cell : escaped(cell).replaceAll('|', '\\|'))).join(' | ')} |`,
          )
          .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Names of rows and parts come from data: no tag, link or line of theirs may become Markdown's. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>]/g, '\\$&');
}
