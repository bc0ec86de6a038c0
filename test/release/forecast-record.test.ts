import { describe, expect, it } from 'vitest';
import { readForecastRecord, writeForecastRecord } from '../../src/release/forecast-record.js';

const kolIds = Array.from({ length: 60 }, (_, k) => `kol "${k}", đẹp`);
const errors = Float64Array.from(kolIds, (_, k) => (k === 7 ? NaN : 1 + 0.1 * ((k % 5) - 2)));

describe('the record of a forecaster', () => {
  it('reads back, without those that were not judged', () => {
    const { firstDay, error } = readForecastRecord(writeForecastRecord(kolIds, 20_000, errors));
    expect(firstDay).toBe(20_000);
    expect(error.size).toBe(59);
    expect(error.get(kolIds[3])).toBe(errors[3]);
    expect(error.has(kolIds[7])).toBe(false);
  });

  it('refuses a file that was changed, naming the line', () => {
    const text = writeForecastRecord(kolIds, 1, errors);
    expect(() => readForecastRecord(text.replace('"kol ""3""', '"kol "3"'))).toThrow('held-out.csv line 5');
    expect(() => readForecastRecord('kol,error\n')).toThrow('held-out.csv line 1');
  });
});
