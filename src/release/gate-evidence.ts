import type { Assessment } from '../champion/assess.js';
import type { ChampionModel } from '../champion/model.js';
import { take } from '../core/matrix.js';
import type { Lineage } from '../core/lineage.js';
import { sha256 } from '../core/record.js';
import { Table } from '../core/table.js';
import { computeFeatures } from '../features/columns.js';
import type { ChampionEvidence, GateEvidence, SliceRows } from '../evaluation/gate/evidence.js';
import type { GatePolicy } from '../evaluation/gate/policy.js';
import { featureStrength } from './feature-strength.js';
import { commonClassRows, commonRows, type CommonRows, type FormerChampion } from './former-champion.js';
import { servingCost } from './serving-cost.js';
import { slicesOf } from './slices.js';

/** What a release is judged by, beside its own figures. */
export interface GateInput {
  readonly policy: GatePolicy;
  /** The reigning champion; undefined where there is none. */
  readonly former: FormerChampion | undefined;
  /** Raw columns whose values are slices. */
  readonly slices: readonly string[];
  /** Counts a test on the rows of that digest; its number. */
  readonly countLook: (rows: string) => Promise<number>;
}

/** Rows that single features are probed on. */
const probedRows = 20_000;

/** Gathers what the gate judges of a release. */
export async function gateEvidence(
  input: {
    readonly model: ChampionModel;
    readonly assessments: readonly Assessment[];
    readonly table: Table;
    readonly y: Float64Array;
    readonly keys: readonly string[];
    readonly lineage: Lineage;
    readonly onnx: Uint8Array;
    readonly parity: GateEvidence['parity'];
    readonly threshold: number;
  },
  gate: GateInput,
): Promise<GateEvidence> {
  const { model, assessments, table, y, lineage, onnx, parity } = input;
  const [random, forward] = assessments;
  const probed = random.rows.subarray(0, probedRows);
  return {
    random: random.evaluation,
    forward: forward?.evaluation ?? null,
    champion: gate.former === undefined ? null : await championEvidence(input, gate.former, gate),
    parity,
    serving: await servingCost(onnx, model.inputs, table),
    features:
      model.task === 'binary'
        ? featureStrength(computeFeatures(model.features, Table.rows(table, probed)), take(y, probed))
        : [],
    lineage: { sources: lineage.sources, rows: lineage.rows, digest: lineage.digest },
  };
}

async function championEvidence(
  { model, assessments, table, y, keys, threshold }: Parameters<typeof gateEvidence>[0],
  former: FormerChampion,
  gate: GateInput,
): Promise<ChampionEvidence> {
  const [random, forward] = assessments;
  const common = commonRows(random, y, keys, former.random);
  const classes = former.classes === null ? null : commonClassRows(random, y, keys, former.classes);
  return {
    version: former.version,
    random: common,
    ...(classes && { classes }),
    forward: forward === undefined ? null : commonRows(forward, y, keys, former.forward),
    slices: sliceRows(table, common, gate.slices),
    thresholds: { a: threshold, b: former.threshold },
    newInputs: model.inputs.map(({ name }) => name).filter((name) => !former.inputs.includes(name)),
    look: await gate.countLook(
      classes === null ? common.digest : sha256(Array.from(former.classes?.keys() ?? []).join('\n')),
    ),
  };
}

function sliceRows(
  table: Table,
  { rows, y, a, b }: CommonRows,
  columns: readonly string[],
): readonly SliceRows[] {
  return slicesOf(table, rows, columns).map(({ name, members }) => ({
    name,
    y: take(y, members),
    a: take(a, members),
    b: take(b, members),
  }));
}
