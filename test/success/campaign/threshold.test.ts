import { describe, expect, it } from 'vitest';
import { successLabels, successThresholds } from '../../../src/success/campaign/threshold.js';

const categories = Array.from({ length: 110 }, (_, i) => (i < 100 ? 'food' : 'rare'));
const rates = Float64Array.from({ length: 110 }, (_, i) => (i < 100 ? i / 100 : 5));

describe('successThresholds', () => {
  it('takes the quantile of every category, and that of all rows for a rare one', () => {
    const rows = Uint32Array.from(rates.keys());
    const { byCategory, otherwise } = successThresholds(rates, categories, rows, 0.7);
    // numpy.quantile(numpy.arange(100) / 100, 0.7)
    expect(byCategory.get('food')).toBeCloseTo(0.693, 12);
    expect(byCategory.has('rare')).toBe(false);
    expect(otherwise).toBeCloseTo(0.763, 12);
  });

  it('looks at training rows alone', () => {
    const rows = Uint32Array.from({ length: 100 }, (_, i) => i);
    const changed = rates.map((rate, i) => (i < 100 ? rate : -1000));
    expect(successThresholds(changed, categories, rows, 0.7)).toEqual(
      successThresholds(rates, categories, rows, 0.7),
    );
  });

  it('labels what is above, not what is at the threshold', () => {
    const thresholds = { byCategory: new Map([['food', 0.5]]), otherwise: 4 };
    const labels = successLabels(rates, categories, thresholds);
    expect(labels[50]).toBe(0);
    expect(labels[51]).toBe(1);
    expect(labels[109]).toBe(1);
  });
});
