import { GateError } from '../core/errors.js';
import type { AliasChange, Aliases } from './aliases.js';

/** A move of the aliases of a model. */
export interface AliasMove {
  readonly name: string;
  readonly action: AliasChange['action'];
  readonly why: string;
  /**
   * Where they go from where they are.
   * @param last the newest change on record, or null
   * @throws {GateError} when they are not where they must be
   */
  readonly decide: (current: Aliases, last: AliasChange | null) => Aliases;
}

/** Makes a version the champion, and the champion the previous one, if the champion is still the expected one. */
export function promotionOf(
  name: string,
  version: number,
  expectedChampion: number | null,
): AliasMove['decide'] {
  return (current, last) => {
    if (current.champion !== expectedChampion)
      throw new GateError(movedMessage(name, expectedChampion, current, last));
    if (current.champion === version) return current;
    // Who becomes the champion is tried no more.
    return placesOf(
      { champion: version, previous: current.champion },
      current.canary?.version === version ? undefined : current.canary,
      current.shadow === version ? undefined : current.shadow,
    );
  };
}

/**
 * Exchanges champion and previous; a canary and a shadow are withdrawn, for what is tried was measured against the
 * one that goes.
 * @param expectedChampion the champion that is to go; any when left out
 */
export function rollbackOf(name: string, expectedChampion?: number | null): AliasMove['decide'] {
  return (current, last) => {
    if (expectedChampion !== undefined && current.champion !== expectedChampion)
      throw new GateError(movedMessage(name, expectedChampion, current, last));
    if (current.previous === null)
      throw new GateError(`model ${name} has no previous champion to roll back to`);
    return { champion: current.previous, previous: current.champion };
  };
}

/** Sends a share of the requests to a version beside the champion; undefined withdraws it. */
export function canaryOf(
  name: string,
  canary: Aliases['canary'],
  expectedChampion: number | null,
): AliasMove['decide'] {
  return (current, last) => {
    checkTrial(name, canary?.version, expectedChampion, current, last);
    return placesOf(current, canary, current.shadow);
  };
}

/** Asks a version beside the champion, without using its answers; undefined withdraws it. */
export function shadowOf(
  name: string,
  shadow: number | undefined,
  expectedChampion: number | null,
): AliasMove['decide'] {
  return (current, last) => {
    checkTrial(name, shadow, expectedChampion, current, last);
    return placesOf(current, current.canary, shadow);
  };
}

function placesOf(
  { champion, previous }: Aliases,
  canary: Aliases['canary'],
  shadow: number | undefined,
): Aliases {
  return { champion, previous, ...(canary && { canary }), ...(shadow !== undefined && { shadow }) };
}

function checkTrial(
  name: string,
  version: number | undefined,
  expectedChampion: number | null,
  current: Aliases,
  last: AliasChange | null,
): void {
  if (current.champion !== expectedChampion)
    throw new GateError(movedMessage(name, expectedChampion, current, last));
  if (current.champion === null)
    throw new GateError(`model ${name} has no champion to be tried beside; promote a version first`);
  if (current.champion === version)
    throw new GateError(`version ${version} of ${name} is the champion already; name another to try`);
}

/** The versions that a move puts somewhere. */
export function newVersions(from: Aliases, to: Aliases): number[] {
  const placed = ({ champion, previous, canary, shadow }: Aliases): (number | null | undefined)[] => [
    champion,
    previous,
    canary?.version,
    shadow,
  ];
  const before = new Set(placed(from));
  const after = [to.champion, ...placed(to).filter((version) => !before.has(version))];
  return [...new Set(after)].filter((version): version is number => typeof version === 'number');
}

/** Says who moved the champion away from where it was expected. */
export function movedMessage(
  name: string,
  expected: number | null,
  current: Aliases,
  last: AliasChange | null,
): string {
  if (last !== null && current.champion === expected) {
    const when = new Date(last.at).toISOString();
    return `the aliases of ${name} were moved by ${last.by} at ${when}, just now; look at them and try again`;
  }
  const wanted = expected === null ? 'no champion' : `champion version ${expected}`;
  const now = current.champion === null ? 'no champion' : `champion version ${current.champion}`;
  if (last === null || last.to.champion !== current.champion)
    return `model ${name} has ${now}, expected ${wanted}; evaluate again`;
  const when = new Date(last.at).toISOString();
  const verb = last.action === 'rollback' ? 'rolled back to' : 'promoted';
  return `model ${name}: expected ${wanted}, but ${last.by} ${verb} version ${last.to.champion} at ${when}; evaluate again against it`;
}
