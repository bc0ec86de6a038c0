import type { Assessment } from '../champion/assess.js';
import type { Lineage } from '../core/lineage.js';
import { take } from '../core/matrix.js';
import { sha256 } from '../core/record.js';
import type { Rng } from '../core/rng.js';
import { Table } from '../core/table.js';
import type { Gate } from '../evaluation/gate/gate.js';
import type { GatePolicy } from '../evaluation/gate/policy.js';
import { runGate } from '../evaluation/gate/run-gate.js';
import type { HeldOutRows } from '../evaluation/gate/subject.js';
import type { LooksLedger } from '../registry/looks-ledger.js';
import type { MeasuredRelease } from './build-release.js';
import { contractOf, type FormerChampion } from './former-champion.js';
import { heldOutDigest } from './held-out-digest.js';
import type { ClassHeldOut, HeldOut } from './held-out.js';
import { probedInputs, sliceTexts } from './probed-rows.js';

/** What a training knows of its challenger before the graph is made. */
export interface JudgedTraining {
  readonly policy: GatePolicy;
  readonly name: string;
  /** The random hold-out, and where there is one that of the newest rows. */
  readonly assessments: readonly Assessment[];
  /** Raw rows of the training. */
  readonly table: Table;
  readonly y: Float64Array;
  readonly keys: readonly string[];
  /** `[nRows]` when each row came about. */
  readonly time?: Float64Array | undefined;
  /** Inputs that look like a leak and are none. */
  readonly known?: readonly string[];
  /** Columns to slice by where the policy declares none; those that are not there are passed over. */
  readonly slices?: readonly string[];
  readonly lineage: Lineage;
  readonly seed: number;
  readonly champion: FormerChampion | undefined;
  readonly looks: LooksLedger | undefined;
  readonly rng: Rng;
}

/** Whether a release may become champion, by the gate; notes the look at the held-out rows first. */
export function judgeTraining(training: JudgedTraining): (measured: MeasuredRelease) => Promise<Gate> {
  const { name, assessments, table, y, keys, champion, lineage, seed } = training;
  const policy = withSlices(training);
  return async ({ card, parity, serving }) => {
    const rows = assessments.slice(0, 2).map((assessment, side) => {
      const kind = side === 0 ? 'random' : 'newest';
      return heldOutSide({ ...training, policy }, assessment, kind, champion?.[kind]);
    });
    const [first] = assessments;
    return runGate(
      {
        challenger: name,
        champion: champion === undefined ? null : `version ${champion.version}`,
        task: card.task,
        rows,
        thresholds: { challenger: card.threshold, champion: champion?.threshold ?? card.threshold },
        lineage: { ...lineage, seed, toolkitVersion: card.toolkitVersion },
        contract: { challenger: contractOf(card), champion: champion?.contract },
        parity,
        serving,
        inputs: probedInputs(card.inputs, Table.rows(table, first.rows), {
          y: take(y, first.rows),
          time: training.time && take(training.time, first.rows),
          known: training.known,
        }),
        look: await noteLook(
          training,
          rows,
          Array.from(first.rows, (row) => keys[row]),
        ),
      },
      policy,
      training.rng,
    );
  };
}

function withSlices({ policy, slices = [], table }: JudgedTraining): GatePolicy {
  if (policy.slices.columns.length > 0) return policy;
  const columns = slices.filter((name) => Object.hasOwn(table.columns, name));
  return { ...policy, slices: { ...policy.slices, columns } };
}

function heldOutSide(
  { table, y, keys, policy }: JudgedTraining,
  { rows, scores, evaluation }: Assessment,
  kind: 'random' | 'newest',
  former: HeldOut | ClassHeldOut | undefined,
): HeldOutRows {
  const challenger = evaluation.task === 'multiclass' ? scores.classProbabilities : [scores.values];
  const champion = former && challenger.map((_, k) => commonScores(rows, y, keys, former, k));
  return {
    kind,
    title: kind === 'random' ? 'rows held out at random' : 'newest rows',
    y: take(y, rows),
    challenger,
    // A champion that kept no such rows was not judged on them.
    champion: champion === undefined || former?.size === 0 ? undefined : champion,
    slices: sliceTexts(Table.rows(table, rows), policy.slices.columns),
  };
}

/** The champion's output k of the same rows, matched by key and of the same label; NaN for others. */
function commonScores(
  rows: Uint32Array,
  y: Float64Array,
  keys: readonly string[],
  former: HeldOut | ClassHeldOut,
  k: number,
): Float64Array {
  return Float64Array.from(rows, (row) => {
    const same = former.get(keys[row]);
    if (same?.y !== y[row]) return NaN;
    return 'P' in same ? same.P[k] : same.p;
  });
}

async function noteLook(
  { champion, looks, name, policy }: JudgedTraining,
  [{ y, challenger, champion: former }]: readonly HeldOutRows[],
  keys: readonly string[],
): Promise<number> {
  if (champion === undefined || looks === undefined || former === undefined) return 1;
  const common = keys.flatMap((_, i) => (Number.isNaN(former[0][i]) ? [] : [i]));
  if (common.length === 0) return 1;
  const digest = heldOutDigest(
    common.map((i) => keys[i]),
    common.map((i) => y[i]),
  );
  const answers = [...challenger, ...former].map((output) => common.map((i) => output[i]));
  return looks.note(
    { model: name, ...digest, comparison: sha256(JSON.stringify(answers)) },
    policy.looks.overlap,
  );
}
