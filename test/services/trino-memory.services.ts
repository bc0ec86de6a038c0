import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { trinoUrl, trinoUser } from './trino-session.js';

/** Of the 60 million that the table has. */
const rows = 10_000_000;

it('a long result fits a small heap', { timeout: 900_000 }, async () => {
  const script = `
    import { trinoLakehouse } from ${JSON.stringify(fileURLToPath(new URL('../../dist/sources/trino/lakehouse.js', import.meta.url)))};
    const lake = await trinoLakehouse({ url: ${JSON.stringify(trinoUrl)}, user: ${JSON.stringify(trinoUser)} });
    let rows = 0;
    let sum = 0;
    const sql = 'SELECT orderkey, extendedprice, shipdate, shipmode, comment FROM tpch.sf10.lineitem LIMIT ${rows}';
    for await (const { nRows, columns } of lake.read({ sql: () => sql })) {
      rows += nRows;
      for (const value of columns.extendedprice.values) sum += value;
    }
    console.log(JSON.stringify({ rows, mean: sum / rows, peakMiB: process.resourceUsage().maxRSS / 1024 }));`;
  const child = spawn(process.execPath, ['--max-old-space-size=512', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(0);
  const read = JSON.parse(out) as { rows: number; mean: number; peakMiB: number };
  expect(read.rows).toBe(rows);
  expect(read.mean).toBeGreaterThan(30_000);
  expect(read.mean).toBeLessThan(45_000);
  // The numbers alone would take 230 MiB, the texts several times that.
  expect(read.peakMiB).toBeLessThan(512);
});
