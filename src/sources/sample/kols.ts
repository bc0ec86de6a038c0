import type { Rng } from '../../core/rng.js';
import { firstDay, nDays } from './calendar.js';
import { logNormal, pick } from './draws.js';

const day = 86_400_000;

export const categories = [
  'beauty',
  'fashion',
  'food',
  'tech',
  'travel',
  'gaming',
  'parenting',
  'fitness',
] as const;
export type Category = (typeof categories)[number];
export type Platform = 'tiktok' | 'facebook' | 'youtube' | 'instagram';

/** Median price of what is sold, in US dollars. */
export const prices: Readonly<Record<Category, number>> = {
  beauty: 18,
  fashion: 22,
  food: 9,
  tech: 85,
  travel: 60,
  gaming: 30,
  parenting: 25,
  fitness: 28,
};

/** Followers bought on one day; the platform purges part of them later. */
export interface Burst {
  readonly day: number;
  readonly size: number;
}

/** The causes behind everything a KOL does; none of them is written to the lakehouse. */
export interface Kol {
  readonly id: string;
  readonly index: number;
  readonly platform: Platform;
  readonly category: Category;
  readonly language: 'vi' | 'en';
  /** 0 (buys followers and engagement) to 1. */
  readonly trust: number;
  /** Standard normal: how well they please and sell. */
  readonly talent: number;
  readonly startFollowers: number;
  readonly following: number;
  /** Daily relative growth of the real audience. */
  readonly growth: number;
  readonly postsPerDay: number;
  /** Views per real follower and post. */
  readonly reach: number;
  readonly likeRate: number;
  readonly clickRate: number;
  readonly conversionRate: number;
  readonly bursts: readonly Burst[];
  /** Index of the first day with metrics; most have them from the start. */
  readonly joined: number;
  /** Day index from which they post no more; beyond the period for most. */
  readonly stopped: number;
  readonly createdAt: number;
  /** Whether the platform can see clicks and orders. */
  readonly tracksSales: boolean;
}

/** Draws the latent causes of one KOL; `rng` is that KOL's own stream. */
export function drawKol(index: number, rng: Rng): Kol {
  const dishonest = rng.uniform() < 0.22;
  const trust = dishonest ? 0.05 + 0.35 * rng.uniform() : 1 - 0.4 * rng.uniform() ** 2;
  const talent = rng.normal();
  const startFollowers = Math.round(logNormal(12_000, 1.5, rng) * Math.exp(0.3 * talent)) + 200;
  const joined = rng.uniform() < 0.12 ? 1 + rng.integer(nDays - 150) : 0;
  const nBursts = dishonest ? 1 + rng.integer(4) : rng.uniform() < 0.02 ? 1 : 0;
  return {
    id: `kol-${String(index + 1).padStart(6, '0')}`,
    index,
    platform: pick(['tiktok', 'tiktok', 'facebook', 'youtube', 'instagram'] as const, rng),
    category: pick(categories, rng),
    language: rng.uniform() < 0.8 ? 'vi' : 'en',
    trust,
    talent,
    startFollowers,
    following: Math.round(logNormal(dishonest ? 1500 : 350, 0.9, rng)),
    growth: 0.0004 * Math.exp(0.5 * talent + 0.4 * rng.normal()),
    postsPerDay: Math.min(2, logNormal(0.16, 0.6, rng)),
    // Small audiences are reached better than large ones.
    reach: logNormal(0.35, 0.4, rng) * (startFollowers / 12_000) ** -0.12 * Math.exp(0.25 * talent),
    likeRate: Math.min(0.3, logNormal(0.05, 0.3, rng) * Math.exp(0.2 * talent)),
    clickRate: 0.008 * Math.exp(0.3 * talent + 0.2 * rng.normal()),
    conversionRate: 0.02 * Math.exp(0.45 * talent + 0.2 * rng.normal()) * (0.4 + 0.6 * trust),
    bursts: Array.from({ length: nBursts }, () => ({
      day: joined + 30 + rng.integer(nDays - joined - 60),
      size: Math.round(startFollowers * (0.15 + 0.6 * rng.uniform())),
    })),
    joined,
    stopped: rng.uniform() < 0.06 ? joined + 100 + rng.integer(nDays) : nDays,
    createdAt: firstDay + joined * day - Math.round((30 + 2800 * rng.uniform()) * day),
    tracksSales: rng.uniform() < 0.9,
  };
}
