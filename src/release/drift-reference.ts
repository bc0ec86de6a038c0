import type { Assessment } from '../champion/assess.js';
import { take } from '../core/matrix.js';
import type { Table } from '../core/table.js';
import { columnReference, scoreReference } from '../evaluation/drift/column-reference.js';
import { confidenceReference } from '../evaluation/drift/confidence-reference.js';
import type { ConfidenceReference, DriftReference } from '../evaluation/drift/reference.js';
import type { OutputPlan } from '../onnx/outputs.js';
import type { ServingCard } from './card.js';
import { namedScores } from './expected-outputs.js';

/**
 * What `kol drift` compares new rows with: the inputs of all training rows, and the scores of those that the judged
 * model had not seen (a model is more certain of the rows that it learned from).
 */
export function driftReference(
  card: ServingCard,
  plan: OutputPlan,
  { rows, scores, evaluation, fitted }: Assessment,
  table: Table,
  y: Float64Array,
): DriftReference {
  const named = namedScores(fitted.model, plan, scores);
  const confidence: ConfidenceReference | null =
    evaluation.task !== 'binary'
      ? null
      : confidenceReference(take(y, rows), scores.values, card.threshold, [
          ...evaluation.metrics,
          ...evaluation.threshold.metrics,
        ]);
  return {
    ...referenceOfRows(card, table),
    scores: card.primaryOutputs
      .filter((name) => Object.hasOwn(named, name))
      .map((name) => scoreReference(name, named[name])),
    confidence,
  };
}

/** The part of a reference that needs no model: the inputs of some rows. */
export function referenceOfRows(
  { name, inputs, trainingSnapshot }: Pick<ServingCard, 'name' | 'inputs' | 'trainingSnapshot'>,
  table: Table,
): DriftReference {
  return {
    format: 1,
    model: name,
    trainingSnapshot,
    nRows: table.nRows,
    columns: inputs
      .filter((input) => Object.hasOwn(table.columns, input.name))
      .map((input) => columnReference(input.name, table.columns[input.name])),
    scores: [],
    confidence: null,
  };
}
