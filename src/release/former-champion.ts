import { DataError } from '../core/errors.js';
import type { Contract } from '../evaluation/gate/subject.js';
import type { ServingCard } from './card.js';
import { type ClassHeldOut, type HeldOut, readClassHeldOut, readHeldOut } from './held-out.js';
import type { KeptChampion, ModelStore } from './model-store.js';

/** What a comparison needs of the reigning champion. */
export interface FormerChampion {
  readonly version: number;
  readonly random: HeldOut | ClassHeldOut;
  /** Empty where it kept none. */
  readonly newest: HeldOut | ClassHeldOut;
  readonly contract: Contract;
  readonly threshold: number;
}

/**
 * The champion of that name as it was judged, or undefined where there is none.
 * @param nClasses classes of its kind of model
 * @throws {DataError} when a file of it was changed
 */
export async function formerChampion(
  store: ModelStore,
  name: string,
  nClasses = 2,
): Promise<FormerChampion | undefined> {
  const read = (text: string): HeldOut | ClassHeldOut =>
    nClasses > 2 ? readClassHeldOut(text, nClasses) : readHeldOut(text);
  const kept = await store.champion(name, 'held-out.csv');
  if (kept === undefined) return undefined;
  const newest = await kept.sibling('held-out-newest.csv');
  const card = await cardOf(kept);
  return {
    version: kept.version,
    random: read(kept.text),
    newest: newest === undefined ? new Map() : read(newest),
    contract: contractOf(card),
    threshold: card.threshold,
  };
}

/** What a model takes and gives, by its card. */
export function contractOf({
  schemaHash,
  inputs,
  outputs,
}: Pick<ServingCard, 'schemaHash' | 'outputs'> & {
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
}): Contract {
  return {
    schemaHash,
    inputs: inputs.map(({ name, type }) => ({ name, type })),
    outputs: outputs.map(({ name }) => name),
  };
}

/** @throws {DataError} for a champion without its card */
async function cardOf({ version, sibling }: KeptChampion): Promise<ServingCard> {
  const text = await sibling('model.json');
  if (text === undefined) throw new DataError(`champion version ${version} has no file model.json`);
  return JSON.parse(text) as ServingCard;
}
