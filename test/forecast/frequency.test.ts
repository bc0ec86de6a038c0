import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeAt, type Frequency } from '../../src/core/time-grid.js';
import { frequencyName, inferFrequency, parseFrequency } from '../../src/forecast/frequency.js';

const day = 86_400_000;
const hour = 3_600_000;
const date = (text: string): number => Date.parse(`${text}Z`);

describe('the frequency', () => {
  it.each<[string, Frequency]>([
    ['daily', { unit: 'millisecond', step: day }],
    ['D', { unit: 'millisecond', step: day }],
    ['h', { unit: 'millisecond', step: hour }],
    ['15min', { unit: 'millisecond', step: 900_000 }],
    ['2 weeks', { unit: 'millisecond', step: 14 * day }],
    ['W-SUN', { unit: 'millisecond', step: 7 * day }],
    ['MS', { unit: 'month', step: 1, day: 1 }],
    ['M', { unit: 'month', step: 1, day: 31 }],
    ['3 months', { unit: 'month', step: 3, day: 1 }],
    ['QS', { unit: 'month', step: 3, day: 1 }],
    ['B', { unit: 'business-day' }],
    ['5', { unit: 'count', step: 5 }],
  ])('is read from %s', (text, expected) => {
    expect(parseFrequency(text)).toEqual(expected);
  });

  it.each(['', 'fortnightly', '0d', '2B', 'daily;'])('is refused as %j', (text) => {
    expect(() => parseFrequency(text)).toThrow(`frequency=${text} must be`);
  });

  it('is found in the times of a grid with gaps', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Frequency>(
          { unit: 'millisecond', step: day },
          { unit: 'millisecond', step: 5 * 60_000 },
          { unit: 'millisecond', step: 7 * day },
          { unit: 'month', step: 1, day: 1 },
          { unit: 'month', step: 1, day: 31 },
          { unit: 'month', step: 3, day: 1 },
          { unit: 'month', step: 12, day: 31 },
          { unit: 'business-day' },
        ),
        fc.uniqueArray(fc.integer({ min: 1, max: 58 }), { maxLength: 10 }),
        (frequency, gaps) => {
          const start =
            frequency.unit === 'month' && frequency.day === 31 ? date('2019-12-31') : date('2020-01-01');
          const points = Array.from({ length: 60 }, (_, i) => i).filter((i) => !gaps.includes(i));
          const times = points.map((i) => timeAt({ frequency, start }, i));
          expect(inferFrequency(times, true)).toEqual(frequency);
        },
      ),
    );
  });

  it('is found where points lie at no fixed distance', () => {
    const times = [0, 31, 61, 88, 121, 149, 183].map((minutes) => minutes * 60_000 + minutes * 777);
    expect(inferFrequency(times, true)).toEqual({ unit: 'millisecond', step: 1_800_000 });
    expect(inferFrequency([5], true)).toBeUndefined();
    expect(inferFrequency([10, 12, 14, 18], false)).toEqual({ unit: 'count', step: 2 });
  });

  it('has a name', () => {
    expect(
      ['daily', 'h', '15min', 'MS', 'QS', 'Y', 'B', '1', '4 months'].map((text) =>
        frequencyName(parseFrequency(text)),
      ),
    ).toEqual([
      'daily',
      'hourly',
      'every 15 minutes',
      'monthly',
      'quarterly',
      'yearly',
      'business days',
      'steps of 1',
      'every 4 months',
    ]);
  });
});
