import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Table } from '../../src/core/table.js';
import type { Batch } from '../../src/sources/batch-target.js';
import { embeddedTarget } from '../../src/sources/embedded-target.js';
import { scratchFolder, sql } from './scratch.js';

const folder = scratchFolder();
const at = Date.UTC(2026, 10, 1, 6);

const batch = (ids: readonly string[], metrics: readonly string[], more: Partial<Batch> = {}): Batch => ({
  table: 'kol_gold.kol_forecasts',
  columns: [
    { name: 'kol_id', type: 'string' },
    { name: 'metric', type: 'string' },
    { name: 'forecast_at', type: 'timestamp' },
  ],
  within: ['metric', 'forecast_at'],
  key: ['kol_id'],
  rows: Table.fromColumns({
    kol_id: { type: 'string', values: ids },
    metric: { type: 'string', values: metrics },
    forecast_at: { type: 'timestamp', values: new Float64Array(ids.length).fill(at) },
  }),
  ...more,
});

describe('embeddedTarget', () => {
  const target = embeddedTarget(folder);

  it('keeps one file per batch, which the same batch replaces', async () => {
    await target.replace(batch(['a', 'b'], ['views', 'views']));
    await target.replace(batch(['c'], ['orders']));
    const written = await target.replace(batch(['b'], ['views']));
    expect(written).toEqual({
      where: join(folder, 'kol_gold', 'kol_forecasts', 'views-20261101T060000000Z.parquet'),
      nRows: 1,
    });
    expect(readdirSync(join(folder, 'kol_gold', 'kol_forecasts'))).toHaveLength(2);
    expect(await sql(`SELECT kol_id FROM '${folder}/kol_gold/kol_forecasts/*.parquet' ORDER BY 1`)).toEqual([
      ['b'],
      ['c'],
    ]);
  });

  it('refuses rows of two batches, and none', async () => {
    await expect(target.replace(batch(['a', 'b'], ['views', 'orders']))).rejects.toThrow(
      'kol_gold.kol_forecasts: rows of one batch differ in metric: views and orders',
    );
    await expect(target.replace(batch([], []))).rejects.toThrow('needs at least one row');
  });

  it('writes nothing once it is interrupted', async () => {
    await expect(target.replace(batch(['z'], ['likes']), AbortSignal.abort())).rejects.toThrow('interrupted');
    expect(readdirSync(join(folder, 'kol_gold', 'kol_forecasts'))).toHaveLength(2);
  });
});
