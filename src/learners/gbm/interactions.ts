/**
 * Features that may be split at the end of `path`: those that share a group with all features on it. At the root all
 * may; a feature in no group meets only itself.
 * @returns undefined for no constraint
 */
export function allowedFeatures(
  groups: readonly (readonly number[])[],
  path: readonly number[],
): ReadonlySet<number> | undefined {
  if (groups.length === 0 || path.length === 0) return undefined;
  const shared = groups.filter((group) => path.every((feature) => group.includes(feature)));
  return new Set([...shared.flat(), ...(path.every((feature) => feature === path[0]) ? [path[0]] : [])]);
}
