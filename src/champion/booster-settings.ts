import { z } from 'zod';
import { ConfigError } from '../core/errors.js';
import type { BaseSpec } from './base-model.js';

/** What a person, or a search, may set of one booster; what is left out stays as it is. */
export const boosterSettings = z.strictObject({
  nEstimators: z
    .int()
    .min(1)
    .max(100_000)
    .exactOptional()
    .describe('Trees; an upper bound where training stops early'),
  learningRate: z.number().gt(0).max(1).exactOptional().describe('Shrinkage of every leaf'),
  maxLeafNodes: z.int().min(2).max(4_096).exactOptional().describe('Leaves a tree may have'),
  maxDepth: z.int().min(1).max(16).exactOptional().describe('Splits on a path'),
  minSamplesLeaf: z.int().min(1).max(1_000_000).exactOptional().describe('Rows a leaf must hold'),
  minChildWeight: z.number().min(0).exactOptional().describe('Sum of hessians a leaf must hold'),
  l2Regularization: z.number().min(0).exactOptional().describe('L2 penalty on leaf values'),
  subsample: z.number().gt(0).max(1).exactOptional().describe('Share of rows each tree sees'),
  colsampleByTree: z.number().gt(0).max(1).exactOptional().describe('Share of features each tree sees'),
  monotone: z.boolean().exactOptional().describe('Whether the signs that features must keep are obeyed'),
});
export type BoosterSettings = z.infer<typeof boosterSettings>;

/** Settings by booster; `false` leaves one out. */
export type BoosterChoice = Readonly<Record<string, BoosterSettings | false | undefined>>;

/** The key `boosters` of a configuration whose boosters have these names. */
export function boostersSetting(names: readonly string[]): z.ZodOptional<z.ZodType<BoosterChoice>> {
  const setting = z.union([z.literal(false), boosterSettings]).optional();
  return z
    .strictObject(Object.fromEntries(names.map((name) => [name, setting])))
    .describe('Parameters of the boosters by name (kol tune finds them); false leaves one out')
    .optional();
}

/** What of a spec the settings of boosters change. */
interface Bases {
  readonly bases: readonly BaseSpec[];
  readonly consensus: readonly string[];
}

/**
 * The bases under the settings.
 * @throws {ConfigError} when no booster is left
 */
export function withBoosters<Spec extends Bases>(spec: Spec, choice: BoosterChoice = {}): Spec {
  const bases = spec.bases.flatMap((base): BaseSpec[] => {
    const settings = choice[base.name];
    if (base.kind !== 'gradient-boosting' || settings === undefined) return [base];
    if (settings === false) return [];
    const { monotone, ...params } = settings;
    return [
      {
        ...base,
        params: { ...base.params, ...params, ...(monotone === false && { monotoneConstraints: {} }) },
      },
    ];
  });
  const consensus = spec.consensus.filter((name) => bases.some((base) => base.name === name));
  if (consensus.length === 0 && spec.consensus.length > 0) {
    throw new ConfigError(
      `boosters: every one of ${spec.consensus.join(', ')} is left out; keep one at least`,
    );
  }
  return { ...spec, bases, consensus };
}
