import type { BaseModel, ChampionModel } from '../champion/model.js';
import { ExportError } from '../core/errors.js';

/** Which outputs a champion's graph has. */
export interface OutputPlan {
  /** Probabilities of a binary champion, under the names its consumers know; ignored for other tasks. */
  readonly probabilities: readonly {
    readonly name: string;
    readonly of: 'positive' | 'negative';
    /** 100 for a score in per cent. */
    readonly scale: 1 | 100;
  }[];
  /** Adds `prediction` to a binary champion: 1 where the positive probability reaches the threshold, else 0. */
  readonly threshold?: number;
  /** Adds `score_<name>` for every base model. */
  readonly baseScores: boolean;
  /** Multiclass: outputs that are the mean of a value per class, weighed by the probabilities. */
  readonly classMeans?: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** What a regression's prediction is called; `prediction` when left out. */
  readonly prediction?: string;
}

/** One output `[N]` of a champion's graph, and what it says. */
export type OutputColumn = { readonly name: string } & (
  | { readonly kind: 'probability'; readonly of: 'positive' | 'negative'; readonly scale: 1 | 100 }
  /** 1 where the float32 probability of the positive class is at least the float32 nearest to the threshold. */
  | { readonly kind: 'decision'; readonly threshold: number }
  | { readonly kind: 'class-probability'; readonly class: number }
  /** The sum over classes of probability times value. */
  | { readonly kind: 'class-mean'; readonly values: readonly number[] }
  | { readonly kind: 'prediction' }
  /** Sigmoid of a margin, softmax of several, e to the log of a mean, an anomaly score or a prediction. */
  | { readonly kind: 'base-score'; readonly base: number; readonly margin: number }
);

/**
 * The outputs of a champion in the order of its graph: its own answer first, then the base scores.
 * @throws {ExportError} when two outputs would have one name
 */
export function outputColumns(model: ChampionModel, plan: OutputPlan): readonly OutputColumn[] {
  const columns: OutputColumn[] = [];
  const classes = safeNames(model.classes);
  if (model.task === 'binary') {
    columns.push(
      ...plan.probabilities.map((probability) => ({ kind: 'probability' as const, ...probability })),
    );
    if (plan.threshold !== undefined) {
      columns.push({ name: 'prediction', kind: 'decision', threshold: plan.threshold });
    }
  } else if (model.task === 'multiclass') {
    classes.forEach((label, k) => {
      columns.push({ name: `probability_${label}`, kind: 'class-probability', class: k });
    });
    for (const { name, values } of plan.classMeans ?? []) {
      if (values.length !== classes.length) {
        throw new ExportError(
          `onnx: output ${name} has ${values.length} values for ${classes.length} classes, expected one each`,
        );
      }
      columns.push({ name, kind: 'class-mean', values });
    }
  } else columns.push({ name: plan.prediction ?? 'prediction', kind: 'prediction' });

  if (plan.baseScores) {
    const names = safeNames(model.bases.map(({ name }) => name));
    model.bases.forEach((base, b) => {
      const count = scoreCount(base.model);
      for (let k = 0; k < count; k++) {
        const name = count === 1 ? `score_${names[b]}` : `score_${names[b]}_${classes[k]}`;
        columns.push({ name, kind: 'base-score', base: b, margin: k });
      }
    });
  }
  if (columns.length === 0) throw new ExportError('onnx: the output plan is empty; name at least one output');
  const repeated = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
  if (repeated !== undefined)
    throw new ExportError(`onnx: two outputs are named ${repeated.name}; rename one`);
  return columns;
}

/** Scores a base model has for a row. */
export function scoreCount(model: BaseModel): number {
  return model.kind === 'isolation-forest' ? 1 : model.nMargins;
}

/**
 * Labels as parts of identifiers: ASCII letters, digits and _, marks dropped, distinct.
 * @example
 * safeNames(['tích cực', 'tich-cuc']) // ['tich_cuc', 'tich_cuc_2']
 */
export function safeNames(labels: readonly string[]): string[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    const plain = label
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replaceAll('đ', 'd')
      .replaceAll('Đ', 'D')
      .replace(/[^A-Za-z0-9_]/g, '_');
    let name = plain;
    for (let i = 2; taken.has(name); i++) name = `${plain}_${i}`;
    taken.add(name);
    return name;
  });
}
