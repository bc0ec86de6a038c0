// Our source over one statement, batch by batch, or as one table with "whole".
//   node bench/trino/ours.js '{"url": …, "user": …, "sql": …, "whole": true}'
import { readAll, trinoLakehouse } from 'kol-trainer';

const { url, user, sql, whole } = JSON.parse(process.argv[2]);
const lake = await trinoLakehouse({ url, user });
const query = { sql: () => sql };
const began = performance.now();
let [rows, sum, bytes] = [0, 0, 0];
for await (const { nRows, columns } of whole ? [await readAll(lake, query)] : lake.read(query)) {
  rows += nRows;
  for (const { type, values } of Object.values(columns).slice(0, 20)) {
    if (type !== 'number') throw new Error(`expected numbers, not ${type}`);
    for (const value of values) sum += value;
  }
  for (const { values } of Object.values(columns)) bytes += values.byteLength ?? 0;
}
const { user: cpuUser, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    rows,
    sum,
    bytes,
    seconds: (performance.now() - began) / 1000,
    cpuSeconds: (cpuUser + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
