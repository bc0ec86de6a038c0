import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lunarNewYear } from '../../../src/core/calendar/lunar-new-year.js';
import { ConfigError } from '../../../src/core/errors.js';

interface Golden {
  readonly vietnam: Readonly<Record<string, string>>;
  readonly china: Readonly<Record<string, string>>;
}

const golden = JSON.parse(
  readFileSync(new URL('../../golden/lunar-new-year.json', import.meta.url), 'utf8'),
) as Golden;
const dateOf = (year: number): string => new Date(lunarNewYear(year) * 86_400_000).toISOString().slice(0, 10);

describe('lunarNewYear', () => {
  it('gives the published first day of Tet from 1901 to 2099', () => {
    const years = Object.keys(golden.vietnam).map(Number);
    expect([years[0], years.at(-1), years.length]).toEqual([1901, 2099, 199]);
    expect(Object.fromEntries(years.map((year) => [year, dateOf(year)]))).toEqual(golden.vietnam);
  });

  it('differs from China where a new moon or the solstice falls in the hour between the two', () => {
    const differing = Object.keys(golden.china).filter((year) => dateOf(Number(year)) !== golden.china[year]);
    expect(differing.map(Number).filter((year) => year >= 1968)).toEqual([
      1968, 1969, 1985, 2007, 2030, 2053,
    ]);
    expect([dateOf(1985), dateOf(2007), dateOf(2030), dateOf(2053)]).toEqual([
      '1985-01-21',
      '2007-02-17',
      '2030-02-02',
      '2053-02-18',
    ]);
  });

  it('stays between 20 January and 22 February, twelve or thirteen lunar months after the last', () => {
    for (let year = 1801; year <= 2199; year++) {
      const within = lunarNewYear(year) - Date.UTC(year, 0, 1) / 86_400_000;
      expect(within).toBeGreaterThanOrEqual(19);
      expect(within).toBeLessThanOrEqual(52);
      expect([353, 354, 355, 383, 384, 385]).toContain(lunarNewYear(year) - lunarNewYear(year - 1));
    }
  });

  it('refuses years that its terms are not good for', () => {
    for (const year of [1799, 2200, 2026.5, NaN]) expect(() => lunarNewYear(year)).toThrow(ConfigError);
  });
});
