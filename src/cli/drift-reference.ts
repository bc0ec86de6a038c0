import { readFile } from 'node:fs/promises';
import { ConfigError, DataError } from '../core/errors.js';
import { Table } from '../core/table.js';
import { scoreReference } from '../evaluation/drift/column-reference.js';
import type { DriftReference } from '../evaluation/drift/reference.js';
import type { Session } from '../onnx/session.js';
import { referenceOfRows } from '../release/drift-reference.js';
import { runBatches } from '../release/run-batches.js';
import { openModelInput } from './commands/score.js';
import type { ModelFile } from './model-file.js';

/** Scores are tried on at most this many rows of a reference table. */
const scoredRows = 50_000;

/**
 * What a batch is compared with: `reference.json` of the model's release, another file of that form, or a table of
 * rows as the model knew them.
 * @throws {ConfigError} where the model has none and none is named
 * @throws {DataError} for a file that is no reference, or one of another model's columns
 */
export async function openReference(
  model: ModelFile,
  graph: Session,
  { reference, modelName }: { readonly reference: string | undefined; readonly modelName: string },
  signal: AbortSignal,
): Promise<DriftReference> {
  if (reference !== undefined && !/\.json$/i.test(reference))
    return referenceOfTable(model, graph, reference, signal);
  const read = reference === undefined ? model.sibling('reference.json') : readFile(reference);
  const bytes = await read.catch((cause: unknown) => {
    throw new ConfigError(
      reference === undefined
        ? `--model ${modelName} has no reference.json (it was made by an older toolkit); train it again, or name a table of its training rows with --reference`
        : `--reference ${reference} cannot be read; name a reference.json, or a CSV or Parquet file`,
      { cause },
    );
  });
  const parsed = parseReference(
    Buffer.from(bytes).toString('utf8'),
    reference ?? `${modelName}: reference.json`,
  );
  const known = new Set(parsed.columns.map(({ name }) => name));
  const missing = model.card.inputs.find(({ name }) => !known.has(name));
  if (missing !== undefined) {
    throw new DataError(
      `${reference ?? 'reference.json'} says nothing of column ${missing.name}, which the model reads; it belongs to another model (${parsed.model})`,
    );
  }
  return parsed;
}

function parseReference(text: string, where: string): DriftReference {
  let parsed: Partial<DriftReference> | null;
  try {
    parsed = JSON.parse(text) as Partial<DriftReference> | null;
  } catch (cause) {
    throw new DataError(`${where} is not JSON: it was cut off or changed by hand`, { cause });
  }
  if (parsed?.format !== 1 || !Array.isArray(parsed.columns) || !Array.isArray(parsed.scores)) {
    throw new DataError(`${where} is no reference of a training (format 1); name the one of the release`);
  }
  return parsed as DriftReference;
}

async function referenceOfTable(
  { card }: ModelFile,
  graph: Session,
  path: string,
  signal: AbortSignal,
): Promise<DriftReference> {
  const file = await openModelInput(path, card, {}, signal);
  const batches: Table[] = [];
  for await (const batch of file.batches({ signal })) batches.push(batch);
  const table = Table.concat(batches);
  if (table.nRows === 0) throw new DataError(`--reference ${path} has no rows`);
  const step = Math.max(1, Math.floor(table.nRows / scoredRows));
  const some = Uint32Array.from({ length: Math.ceil(table.nRows / step) }, (_, i) => i * step);
  const outputs = await runBatches(graph, card.inputs, step === 1 ? table : Table.rows(table, some));
  return {
    ...referenceOfRows(card, table),
    scores: card.primaryOutputs.map((name) => scoreReference(name, Float64Array.from(outputs[name]))),
  };
}
