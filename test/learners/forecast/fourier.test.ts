import { describe, expect, it } from 'vitest';
import { fourierColumns } from '../../../src/learners/forecast/fourier.js';

describe('fourier columns', () => {
  it('repeat with their period and do not depend on where a series begins', () => {
    const columns = fourierColumns([{ period: 7, order: 3 }], 100, 30);
    expect(columns).toHaveLength(6);
    for (const column of columns) expect(column[0]).toBeCloseTo(column[7], 12);
    const later = fourierColumns([{ period: 7, order: 3 }], 105, 10);
    later.forEach((column, j) => expect(column[0]).toBeCloseTo(columns[j][5], 12));
  });

  it('leave out what is there already or cannot be seen', () => {
    // The 7th wave of a week is the day itself; the 12th of 24 hours has no sine.
    expect(fourierColumns([{ period: 24, order: 12 }], 0, 48)).toHaveLength(23);
    const both = fourierColumns(
      [
        { period: 24, order: 2 },
        { period: 168, order: 14 },
      ],
      0,
      200,
    );
    expect(both).toHaveLength(2 * (2 + 14 - 2));
    expect(fourierColumns([{ period: 4, order: 9 }], 0, 8)).toHaveLength(3);
  });

  it('are orthogonal over whole cycles', () => {
    const columns = fourierColumns([{ period: 12, order: 6 }], 3, 24);
    columns.forEach((a, i) => {
      columns.slice(0, i).forEach((b) => {
        expect(a.reduce((sum, value, t) => sum + value * b[t], 0)).toBeCloseTo(0, 9);
      });
    });
  });
});
