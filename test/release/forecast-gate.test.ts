import { describe, expect, it } from 'vitest';
import type { ForecastAccuracy } from '../../src/champion/forecast/accuracy.js';
import { createRng } from '../../src/core/rng.js';
import { judgeForecast } from '../../src/release/forecast-gate.js';
import { readForecastRecord, writeForecastRecord } from '../../src/release/forecast-record.js';

const rng = createRng(1);
const kolIds = Array.from({ length: 60 }, (_, k) => `kol "${k}", đẹp`);

/** Errors around a level, and how sure the gain over the seasonal naive is. */
function accuracy(level: number, gainLower = 0.1): ForecastAccuracy {
  const error = Float64Array.from(kolIds, (_, k) => (k === 7 ? NaN : level + 0.1 * ((k % 5) - 2)));
  const gain = {
    name: 'mase_gain',
    label: '',
    value: 0.2,
    lower: gainLower,
    upper: 0.3,
    direction: 'higher',
  } as const;
  return { metrics: [gain], criterion: 'mase', error, nKols: 59, bias: 0 };
}

const record = (level: number, firstDay = 20_000): ReturnType<typeof readForecastRecord> =>
  readForecastRecord(writeForecastRecord(kolIds, firstDay, accuracy(level).error));

describe('the record of a forecaster', () => {
  it('reads back, without those that were not judged', () => {
    const { firstDay, error } = record(1);
    expect(firstDay).toBe(20_000);
    expect(error.size).toBe(59);
    expect(error.get(kolIds[3])).toBe(accuracy(1).error[3]);
    expect(error.has(kolIds[7])).toBe(false);
  });

  it('refuses a file that was changed, naming the line', () => {
    const text = writeForecastRecord(kolIds, 1, accuracy(1).error);
    expect(() => readForecastRecord(text.replace('"kol ""3""', '"kol "3"'))).toThrow('held-out.csv line 5');
    expect(() => readForecastRecord('kol,error\n')).toThrow('held-out.csv line 1');
  });
});

describe('judgeForecast', () => {
  const lineage = { sources: [{ name: 't', id: '1', rows: 5 }], rows: 5, digest: 'd' };
  const challenge = (accuracy: ForecastAccuracy, champion?: ReturnType<typeof record>) =>
    judgeForecast({
      accuracy,
      kolIds,
      firstDay: 20_000,
      lineage,
      former: champion && { version: 3, record: champion },
      rng,
    });

  it('asks for a gain over the seasonal naive that is sure', () => {
    expect(challenge(accuracy(1))).toMatchObject({ decision: 'promote' });
    expect(challenge(accuracy(1, -0.01))).toMatchObject({
      decision: 'hold',
      reason: 'not better than the seasonal naive forecast in MASE on 59 KOLs of the newest window',
    });
  });

  it('compares with the champion on the same window', () => {
    expect(challenge(accuracy(1), record(1))).toMatchObject({
      decision: 'promote',
      reason: expect.stringMatching(/^as good as the champion/) as string,
      champion: 3,
    });
    expect(challenge(accuracy(0.8), record(1)).reason).toMatch(/^better than the champion in MASE/);
    expect(challenge(accuracy(1.2), record(1))).toMatchObject({
      decision: 'refuse',
      reason: 'worse than the champion in MASE on 59 KOLs of the same window',
    });
  });

  it('prefers the fresher one on another window, and holds where few KOLs are common', () => {
    expect(challenge(accuracy(1.2), record(1, 19_000))).toMatchObject({ decision: 'promote' });
    const few = { firstDay: 20_000, error: new Map([...record(1).error].slice(0, 5)) };
    expect(challenge(accuracy(1), few)).toMatchObject({
      decision: 'hold',
      reason: expect.stringMatching(/^only 5 KOLs/) as string,
    });
  });
});
