import type { AliasChange } from '../aliases.js';

/** What a replay of the aliases has to do. */
export type AliasPlan =
  /** MLflow has them. */
  | { readonly kind: 'none' }
  /** `previous` is set first; versions are numbers of the local registry. */
  | {
      readonly kind: 'move';
      readonly champion: number;
      readonly previous: number | null;
      readonly generation: number;
    }
  /** Somebody else moved the champion in MLflow; it stays where they put it. */
  | { readonly kind: 'held'; readonly reason: string };

/** What is known of the aliases in MLflow. */
export interface RemoteAliases {
  /** The champion there: its number in MLflow, and in this store where it came from here. */
  readonly champion: { readonly remote: number; readonly local: number | null } | null;
  /** The local version behind `previous`; null where there is none, or it came from elsewhere. */
  readonly previous: number | null;
  /** Changes of this store that were replayed. */
  readonly replayed: number;
}

/**
 * Decides how the aliases of MLflow follow those of the local registry. The champion is moved only from where the
 * local registry left it: the evaluation that promoted a version was against that one.
 */
export function planAliases(changes: readonly AliasChange[], remote: RemoteAliases): AliasPlan {
  const last = changes.at(-1);
  if (last === undefined || last.to.champion === null || remote.replayed >= last.generation)
    return { kind: 'none' };
  const { champion, previous } = last.to;
  const move = { kind: 'move', champion, previous, generation: last.generation } as const;
  const there = remote.champion;
  if (there?.local === champion) return move;
  // Where this store left it, or would have left it at any of the changes that were not replayed.
  const left = [
    ...(remote.replayed === 0 ? [null] : [changes[remote.replayed - 1].to.champion]),
    ...changes.slice(remote.replayed).map(({ to }) => to.champion),
  ];
  if (left.includes(there === null ? null : (there.local ?? NaN))) return move;
  const now = there === null ? 'there is none' : `it is version ${there.remote}`;
  return {
    kind: 'held',
    reason: `the champion was moved in MLflow since (${now}), so version ${champion} of this store was not compared with it; evaluate it against that one, then kol promote`,
  };
}
