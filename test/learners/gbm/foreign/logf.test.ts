import { describe, expect, it } from 'vitest';
import { logf } from '../../../../src/learners/gbm/foreign/logf.js';
import { golden } from './foreign-golden.js';

describe('logf', () => {
  it('is what the C library gives, even where that is not the nearest float32', () => {
    const [x, y] = [golden.logf.x, golden.logf.y].map((values) => values.map(Math.fround));
    expect(x.map(logf)).toEqual(y);
    expect(x.filter((value, i) => Math.fround(Math.log(value)) !== y[i]).length).toBeGreaterThan(3);
  });

  it('knows the ends', () => {
    expect([logf(1), logf(Infinity), logf(2 ** -149)]).toEqual([0, Infinity, Math.fround(-149 * Math.LN2)]);
  });
});
