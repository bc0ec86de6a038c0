import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import {
  followerSpikes,
  sentimentDrops,
  type DailySeries,
} from '../../../src/evaluation/drift/own-history.js';

const days = Array.from({ length: 90 }, (_, i) => 20_000 + i);
const limits = { days: 7, change: 0.2, score: 6 };

function followers(id: string, growthOf: (i: number) => number): DailySeries {
  const values: number[] = [];
  let held = 10_000;
  for (let i = 0; i < days.length; i++) values.push((held *= Math.exp(growthOf(i))));
  return { id, days, values };
}

describe('follower spikes', () => {
  it('are growth that is sudden by the own history of a KOL', () => {
    const rng = createRng(2);
    const steady = followers('steady', () => 0.002 + 0.003 * rng.normal());
    const bought = followers('bought', (i) => 0.002 + 0.003 * rng.normal() + (i === 87 ? 0.4 : 0));
    const viral = followers('always wild', () => 0.05 + 0.06 * rng.normal());
    const fallen = followers('fallen', (i) => (i === 87 ? -0.5 : 0));
    const young: DailySeries = {
      id: 'young',
      days: days.slice(-15),
      values: Array.from(bought.values).slice(-15),
    };
    const { judged, departures } = followerSpikes([steady, bought, viral, fallen, young], limits);
    expect(judged).toBe(4);
    expect(departures.map(({ id }) => id)).toEqual(['bought']);
    expect(departures[0].change).toBeGreaterThan(0.4);
    expect(departures[0].change).toBeLessThan(0.6);
  });

  it('seldom strike among KOLs that grow as ever', () => {
    const rng = createRng(9);
    const kols = Array.from({ length: 2_000 }, (_, k) => {
      const usual = 0.02 * rng.uniform();
      return followers(`k${k}`, () => usual * (1 + rng.normal()));
    });
    expect(followerSpikes(kols, limits).departures.length).toBeLessThanOrEqual(4);
  });

  it('judge by the newest day of all, and skip a KOL that has none', () => {
    const gone: DailySeries = { id: 'gone', days: days.slice(0, 60), values: days.slice(0, 60).map(() => 5) };
    expect(followerSpikes([gone, followers('here', () => 0)], limits).judged).toBe(1);
    expect(followerSpikes([], limits)).toEqual({ judged: 0, departures: [] });
  });
});

describe('sentiment drops', () => {
  it('are a mean that falls below the own history of a KOL', () => {
    const rng = createRng(3);
    const mood = (id: string, of: (i: number) => number): DailySeries => ({
      id,
      days,
      values: days.map((_, i) => of(i)),
    });
    const series = [
      mood('steady', () => 0.4 + 0.1 * rng.normal()),
      mood('scandal', (i) => (i >= 83 ? -0.3 : 0.4) + 0.1 * rng.normal()),
      mood('loved', (i) => (i >= 83 ? 0.9 : 0.2) + 0.1 * rng.normal()),
      mood('moody', () => 0.8 * rng.normal()),
      mood('silent', (i) => (i >= 83 ? NaN : 0.4)),
    ];
    const { judged, departures } = sentimentDrops(series, { days: 7, change: 0.2, score: 4 });
    expect(judged).toBe(4);
    expect(departures.map(({ id }) => id)).toEqual(['scandal']);
    expect(departures[0].change).toBeCloseTo(-0.7, 0);
  });
});
