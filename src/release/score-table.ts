import { Table, type Column } from '../core/table.js';
import type { Session } from '../onnx/session.js';
import type { ServingCard } from './card.js';
import { runBatches } from './run-batches.js';

/** A column that scoring writes. */
export interface ScoredColumn {
  readonly name: string;
  readonly type: 'string' | 'float32';
}

/** What scoring a file with this model writes: id columns, the graph's outputs, and for classes the label. */
export function scoredColumns(card: ServingCard, ids: readonly string[]): ScoredColumn[] {
  return [
    ...ids.map((name) => ({ name, type: 'string' as const })),
    ...card.outputs.map(({ name }) => ({ name, type: 'float32' as const })),
    ...(addsLabel(card) ? [{ name: 'prediction', type: 'string' as const }] : []),
  ];
}

/** The class label stands beside the probabilities wherever a binary graph names no prediction or policy of its own. */
function addsLabel(card: ServingCard): boolean {
  if (card.task === 'binary') return card.outputs.every(({ name }) => card.primaryOutputs.includes(name));
  return card.task === 'multiclass';
}

/**
 * Scores a batch of raw rows.
 * @throws {DataError} naming an input column that is missing or of the wrong type
 */
export async function scoreTable(
  session: Session,
  card: ServingCard,
  ids: readonly string[],
  batch: Table,
): Promise<Table> {
  const outputs = await runBatches(session, card.inputs, batch);
  const columns: Record<string, Column> = {};
  for (const name of ids) columns[name] = { type: 'string', values: Table.strings(batch, name) };
  for (const { name } of card.outputs)
    columns[name] = { type: 'number', values: Float64Array.from(outputs[name]) };
  if (addsLabel(card)) {
    const scores = card.primaryOutputs.map((name) => outputs[name]);
    columns.prediction = {
      type: 'string',
      values: Array.from({ length: batch.nRows }, (_, i) => labelOf(card, scores, i)),
    };
  }
  return Table.fromColumns(columns);
}

function labelOf(card: ServingCard, scores: readonly Float32Array[], row: number): string {
  if (card.task === 'binary') return card.classes[scores[0][row] >= 0.5 ? 1 : 0];
  let best = 0;
  scores.forEach((score, k) => {
    if (score[row] > scores[best][row]) best = k;
  });
  return card.classes[best];
}
