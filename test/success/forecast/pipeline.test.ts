import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent } from '../../../src/core/progress.js';
import { createRng } from '../../../src/core/rng.js';
import { Table } from '../../../src/core/table.js';
import { openModelRegistry } from '../../../src/registry/model-registry.js';
import { openRunStore } from '../../../src/registry/run-store.js';
import { verifyContract } from '../../../src/release/contract/verify.js';
import { localModelStore } from '../../../src/release/model-store.js';
import { embeddedTarget } from '../../../src/sources/embedded-target.js';
import { duckdbLakehouse } from '../../../src/sources/duckdb.js';
import { writeSampleLakehouse } from '../../../src/sources/sample/write-sample.js';
import { readAll, type TableSource } from '../../../src/sources/table-source.js';
import { forecastConfig } from '../../../src/success/forecast/config.js';
import { trainForecast, type ForecastContext } from '../../../src/success/forecast/pipeline.js';
import { dailyMetricsQuery } from '../../../src/success/forecast/query.js';
import { dailyDays } from '../../../src/success/forecast/rows.js';
import { scratchFolder } from '../../sources/scratch.js';

const scratch = scratchFolder();
const lakehouse = join(scratch, 'lakehouse');
let source: TableSource;

beforeAll(async () => {
  const accountsFile = fileURLToPath(new URL('../../../data/trust-accounts.parquet', import.meta.url));
  await writeSampleLakehouse(lakehouse, { seed: 3, accountsFile, nKols: 80, nTexts: 50 });
  source = await duckdbLakehouse(lakehouse);
});
afterAll(() => source.close());

const context = (): ForecastContext => ({
  rng: createRng(7),
  threads: 1,
  progress: silent,
  target: embeddedTarget(lakehouse),
});

describe('the days of KOLs', () => {
  it('are the newest deliveries known by then, and missing where there is none', async () => {
    const asOf = '2026-06-01T00:00:00Z';
    const days = dailyDays(await readAll(source, dailyMetricsQuery({ asOf })));
    const raw = await readAll(source, {
      sql: () =>
        'SELECT kol_id, CAST(metric_date AS timestamp) AS day, CAST(views AS double) AS views, processed_at FROM kol_silver.kol_daily_metrics',
    });
    const ids = Table.strings(raw, 'kol_id');
    const [day, views, written] = ['day', 'views', 'processed_at'].map((name) => Table.numbers(raw, name));
    const newest = new Map<string, { views: number; written: number }>();
    let late = 0;
    ids.forEach((id, i) => {
      if (day[i] > Date.parse(asOf)) return;
      if (written[i] > Date.parse(asOf)) late++;
      else {
        const key = `${id} ${day[i] / 86_400_000 - days.firstDay}`;
        const held = newest.get(key);
        if (held === undefined || written[i] > held.written)
          newest.set(key, { views: views[i], written: written[i] });
      }
    });
    expect(late).toBeGreaterThan(0);
    const { panel, kolIds } = days.metric('views');
    let nKnown = 0;
    panel.values.forEach((values, k) =>
      values.forEach((value, t) => {
        const expected = newest.get(`${kolIds[k]} ${t}`)?.views ?? NaN;
        expect(
          Object.is(value, Math.fround(expected)) || (Number.isNaN(value) && Number.isNaN(expected)),
        ).toBe(true);
        nKnown += Number.isNaN(value) ? 0 : 1;
      }),
    );
    expect(nKnown).toBeGreaterThan(20_000);
  });

  it('refuse no rows, values below 0 and ids that differ in letter case only', () => {
    const table = (ids: string[], views: number[]): Table =>
      Table.fromColumns({
        kol_id: { type: 'string', values: ids },
        day: { type: 'timestamp', values: Float64Array.from(ids, () => 86_400_000) },
        processed_at: { type: 'timestamp', values: Float64Array.from(ids, () => 1e9) },
        views: { type: 'number', values: Float64Array.from(views) },
      });
    expect(() => dailyDays(table([], []))).toThrow('there is nothing to forecast');
    expect(() => dailyDays(table(['a'], [-1])).metric('views')).toThrow('views=-1 of a on 1970-01-02');
    expect(() => dailyDays(table(['A', 'a'], [1, 2])).metric('views')).toThrow('two KOLs are called a');
    expect(() => dailyDays(table(['a'], [NaN])).metric('views')).toThrow('holds no value of views');
  });
});

describe('trainForecast', () => {
  it('trains, releases, registers, promotes and writes; the same again is as good, and replaces its file', async () => {
    const runs = openRunStore(join(scratch, 'store'));
    const models = openModelRegistry(runs);
    const store = localModelStore(runs, models);
    const config = forecastConfig.parse({ metrics: ['views', 'orders'], maxRows: 20_000 });
    const first = await trainForecast(config, source, store, context());
    for (const { metric, accuracy, release, gate, version, written } of first.metrics) {
      expect(gate.decision, metric).toBe('promote');
      expect(version).toBe(1);
      expect(release.parity.maxAbsDifference).toBeLessThan(1e-5);
      expect(accuracy.nKols).toBeGreaterThan(50);
      const figure = (name: string): number =>
        accuracy.metrics.find((one) => one.name === name)?.value ?? NaN;
      expect(Math.abs(figure('coverage_80') - 0.8)).toBeLessThan(0.06);
      expect(Math.abs(figure('coverage_95') - 0.95)).toBeLessThan(0.04);
      const { files } = await models.resolve(`models:/kol-forecast-${metric}@champion`);
      expect(files.map(({ path }) => path).sort()).toEqual(Object.keys(release.files).sort());
      expect(written?.nRows).toBe(release.card.nKols * 28 * 2);
    }
    const folder = join(lakehouse, 'kol_gold', 'kol_forecasts');
    expect(readdirSync(folder).sort()).toEqual([
      expect.stringMatching(/^orders-2026\d+T\d+Z\.parquet$/),
      expect.stringMatching(/^views-2026\d+T\d+Z\.parquet$/),
    ]);

    // What was written is what the graph answers, for KOLs of any spelling and for strangers.
    for (const { release } of first.metrics) {
      const { files } = release;
      const parity = await verifyContract(files['model.onnx'] as Uint8Array, String(files['contract.jsonl']));
      expect(parity.maxAbsDifference).toBeLessThan(1e-5);
      expect(parity.nRows).toBeGreaterThan(80);
    }

    const again = await trainForecast(
      { ...config, metrics: ['views'] },
      await duckdbLakehouse(lakehouse),
      store,
      context(),
    );
    expect(again.metrics[0].version).toBe(2);
    expect(again.metrics[0].gate).toMatchObject({ decision: 'promote', claim: 'non-inferior', look: 1 });
    expect(again.metrics[0].release.files['model.onnx']).toEqual(
      first.metrics[0].release.files['model.onnx'],
    );
    expect(readdirSync(folder)).toHaveLength(2);
    const rows = await readAll(await duckdbLakehouse(lakehouse), {
      sql: () =>
        "SELECT count(*) AS n, count(DISTINCT kol_id) AS kols, min(level) AS low, max(level) AS high, min(model_version) AS v, CAST(min(ds) AS timestamp) AS first FROM kol_gold.kol_forecasts WHERE metric = 'views' AND yhat_lower <= yhat AND yhat <= yhat_upper",
    });
    expect(Table.numbers(rows, 'n')[0]).toBe(again.metrics[0].written?.nRows);
    expect([Table.numbers(rows, 'low')[0], Table.numbers(rows, 'high')[0]]).toEqual([80, 95]);
    expect(Table.strings(rows, 'v')[0]).toBe('2');
    expect(Table.numbers(rows, 'first')[0]).toBe(Date.UTC(2026, 10, 1));
  });
});
