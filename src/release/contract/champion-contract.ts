import type { ChampionModel } from '../../champion/model.js';
import type { Rng } from '../../core/rng.js';
import type { Table } from '../../core/table.js';
import type { OutputPlan } from '../../onnx/outputs.js';
import { expectedOutputs } from '../expected-outputs.js';
import { shortFloat32, type ContractBatch } from './batch.js';
import { championCases } from './champion-cases.js';
import { rawColumns } from './raw-columns.js';

/** A champion, and what a graph answers for it. */
export interface ContractTarget {
  readonly model: ChampionModel;
  readonly plan: OutputPlan;
}

/**
 * Raw rows with the answers of all champions of one graph; decisions, which they leave to the graph, are no part.
 * @param table training rows
 */
export function championContract(
  targets: readonly ContractTarget[],
  table: Table,
  rng: Rng,
): ContractBatch[] {
  const [{ model }] = targets;
  return championCases(model, table, rng).map(({ case: name, table: rows }) => ({
    case: name,
    inputs: rawColumns(model.inputs, rows),
    outputs: Object.fromEntries(
      Object.entries(expectedOfAll(targets, rows)).map(([output, values]) => [
        output,
        Array.from(values, shortFloat32),
      ]),
    ),
  }));
}

/** The models' own answers to some rows, by the graph's outputs. */
export function expectedOfAll(targets: readonly ContractTarget[], rows: Table): Record<string, Float64Array> {
  return Object.fromEntries(
    targets.flatMap(({ model, plan }) => Object.entries(expectedOutputs(model, plan, rows))),
  );
}
