import type { Rng } from '../../core/rng.js';
import type { Activity } from './activity.js';
import { firstDay, nDays } from './calendar.js';
import { exponential } from './draws.js';
import type { Kol } from './kols.js';
import type { PartWriter } from '../part-writer.js';
import { bio, displayName, username } from './words.js';

const day = 86_400_000;

/** One version of a profile, valid from a day index until the next. */
export interface ProfileVersion {
  readonly username: string;
  readonly displayName: string;
  readonly bio: string | null;
  readonly verified: boolean;
  readonly from: number;
}

/** The versions of one profile: the first when the KOL joins, then one for each change of name, bio or badge. */
export function profileVersions(kol: Kol, activity: Activity, rng: Rng): ProfileVersion[] {
  const name = displayName(kol, rng);
  let version: ProfileVersion = {
    username: username(kol, name, rng),
    displayName: name,
    bio: bio(kol, rng),
    verified: kol.trust > 0.5 && activity.followers[kol.joined] > 100_000 * (0.5 + rng.uniform()),
    from: kol.joined,
  };
  const versions = [version];
  for (;;) {
    const from = version.from + 20 + Math.round(exponential(220, rng));
    if (from >= nDays) return versions;
    const kind = rng.uniform();
    const renamed = kind < (kol.trust < 0.5 ? 0.3 : 0.08) ? displayName(kol, rng) : version.displayName;
    version = {
      username: renamed === version.displayName ? version.username : username(kol, renamed, rng),
      displayName: renamed,
      bio: kind > 0.2 ? bio(kol, rng) : version.bio,
      verified: version.verified || (kind > 0.9 && kol.trust > 0.6 && activity.followers[from] > 80_000),
      from,
    };
    versions.push(version);
  }
}

/** Writes the versions as kol_silver.kol_profiles and kol_gold.dim_kol; returns the next free surrogate key. */
export function addProfiles(
  kol: Kol,
  activity: Activity,
  versions: readonly ProfileVersion[],
  firstKey: number,
  rng: Rng,
  silver: PartWriter,
  gold: PartWriter,
): number {
  let posts = Math.round((kol.postsPerDay * (firstDay - kol.createdAt)) / day) + 1;
  let counted = kol.joined;
  const favorites = Math.round(posts * (kol.trust < 0.5 ? 0.6 : 4) * (0.5 + rng.uniform()));
  versions.forEach((version, v) => {
    for (; counted < version.from; counted++) posts += activity.posts[counted];
    const start = firstDay + version.from * day;
    const next = versions[v + 1];
    const to = next === undefined ? null : firstDay + next.from * day;
    const plain = kol.trust < 0.5 && v === 0 && rng.uniform() < 0.4;
    const processed = start + Math.round(exponential(0.2 * day, rng)) + (rng.uniform() < 0.03 ? 5 * day : 0);
    const row = [
      kol.id,
      kol.platform,
      version.username,
      version.displayName,
      version.bio,
      activity.followers[version.from],
      activity.following[version.from],
      posts,
      favorites,
      version.verified ? 1 : 0,
      plain ? 1 : 0,
      plain && rng.uniform() < 0.5 ? 1 : 0,
      version.bio?.includes('http') ? 1 : 0,
      kol.category,
      kol.createdAt,
      start,
      to,
    ];
    silver.add([...row, processed]);
    if (rng.uniform() < 0.01) silver.add([...row, processed + 3_600_000]);
    gold.add([
      firstKey + v,
      kol.id,
      kol.platform,
      version.username,
      version.displayName,
      version.bio,
      kol.category,
      kol.createdAt,
      start,
      to,
      to === null ? 1 : 0,
    ]);
  });
  return firstKey + versions.length;
}
