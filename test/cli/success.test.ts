import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder, sql } from '../sources/scratch.js';
import { kol } from './kol.js';

const folder = scratchFolder();
// A hundred held-out campaigns say little of calibration.
writeFileSync(join(folder, 'policy.yaml'), 'calibration: { intercept: 2, error: 0.5, slope: [0, 9] }\n');
const train = ['train', 'success', '--lakehouse', 'lake', '--folds', '2', '--policy', 'policy.yaml'];

describe('success', () => {
  it('is trained, released and scored from the silver tables', { timeout: 240_000 }, async () => {
    expect((await kol(folder, ['sample', '--lakehouse', 'lake', '--kols', '150'])).code).toBe(0);
    const stopped = await kol(folder, train, { interruptAt: 'success: unseen KOLs' });
    expect(stopped.code).toBe(130);
    expect(existsSync(join(folder, 'lake/kol_gold/kol_scores'))).toBe(false);

    const first = await kol(folder, [...train, '--out', 'releases']);
    expect(first.stderr).not.toContain('kol:');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('kol-success version 1: promoted to champion');
    expect(first.stdout.replaceAll('\n', ' ')).toContain('There is no champion of kol-trust');
    for (const line of first.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
    expect(readdirSync(join(folder, 'releases')).sort()).toEqual([
      'kol-forecast-engagement',
      'kol-forecast-orders',
      'kol-forecast-views',
      'kol-success',
    ]);
    expect(readdirSync(join(folder, 'releases/kol-success'))).toContain('model.onnx');

    // Judged as of a moment: nothing later is seen, the champion of before stays until it is beaten on common rows.
    const second = await kol(folder, [...train, '--as-of', '2026-06-01', '--require-promotion', '--json']);
    expect(second.code).toBe(4);
    expect(JSON.parse(second.stdout)).toMatchObject([
      {
        model: 'kol-success',
        version: 2,
        gate: { decision: expect.stringMatching(/hold|refuse/) as string },
        written: { kol_scores: { asOf: '2026-06-01' } },
      },
      ...['views', 'engagement', 'orders'].map((metric) => ({
        model: `kol-forecast-${metric}`,
        version: 2,
        parity: { nRows: 900 },
      })),
    ]);
    const forecasts = await sql(
      `SELECT metric, count(DISTINCT ds), count(DISTINCT level), bool_and(yhat_lower <= yhat AND yhat <= yhat_upper)
        FROM (SELECT *, max(forecast_at) OVER () AS newest FROM '${join(folder, 'lake/kol_gold/kol_forecasts/*.parquet')}')
        WHERE forecast_at = newest GROUP BY 1 ORDER BY 1`,
    );
    expect(forecasts.map((row) => row.map(String))).toEqual(
      ['engagement', 'orders', 'views'].map((metric) => [metric, '28', '2', 'true']),
    );
    const scores = await sql(
      `SELECT count(DISTINCT scored_at), bool_and(success_score BETWEEN 0 AND 100), count(trust_score)
        FROM '${join(folder, 'lake/kol_gold/kol_scores/*.parquet')}'`,
    );
    expect(scores).toEqual([['2', true, '0']]);
  });

  it('refuses what it does not know, in its own section of the file too', async () => {
    writeFileSync(join(folder, 'wrong.yaml'), 'forecast:\n  horizn: 14\n');
    const wrong = await kol(folder, [...train, '--config', 'wrong.yaml']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr.replace(/\s+/g, ' ')).toContain(
      'wrong.yaml: unknown key forecast.horizn; did you mean horizon?',
    );
    const { code, stderr } = await kol(folder, [...train, '--as-of', 'yesterday']);
    expect(code).toBe(2);
    expect(stderr).toContain('asOf="yesterday": expected a date or time');
  });
});
