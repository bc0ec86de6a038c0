import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayFactors, daysFromTet, firstDay, nDays } from '../../src/sources/sample/calendar.js';
import { plannedDays } from '../../src/success/calendar.js';

const day = 86_400_000;

describe('plannedDays', () => {
  it('counts what a walk from day to day finds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: nDays - 60 }),
        fc.integer({ min: 1, max: 59 }),
        (from, length) => {
          const found = { saleDays: 0, beforeTet: 0, atTet: 0 };
          for (let d = from; d < from + length; d++) {
            if (dayFactors(d).isSaleDay) found.saleDays++;
            const distance = daysFromTet(firstDay + d * day);
            if (distance < 0 && distance >= -21) found.beforeTet++;
            if (distance >= 0 && distance <= 6) found.atTet++;
          }
          const start = firstDay + from * day;
          expect(plannedDays(start, start + length * day)).toEqual(found);
        },
      ),
    );
  });

  it('counts parts of days, over new year, and nothing of what is not known', () => {
    const start = Date.UTC(2025, 11, 12, 12);
    expect(plannedDays(start, Date.UTC(2026, 0, 28)).saleDays).toBe(0.5);
    expect(plannedDays(start, Date.UTC(2026, 0, 28)).beforeTet).toBe(1);
    expect(plannedDays(NaN, start)).toEqual({ saleDays: NaN, beforeTet: NaN, atTet: NaN });
  });
});
