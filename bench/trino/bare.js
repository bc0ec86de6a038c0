// The loop of trino-client's own README over one statement: rows as arrays, looked at once.
//   node bench/trino/bare.js '{"url": …, "user": …, "sql": …, "headers": {…}}'
import { Trino } from 'trino-client';

const { url, user, sql, headers } = JSON.parse(process.argv[2]);
const trino = Trino.create({
  server: url,
  catalog: 'iceberg',
  extraHeaders: { 'X-Trino-User': user, 'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME', ...headers },
});
const began = performance.now();
let [rows, sum] = [0, 0];
for await (const { data = [], error } of await trino.query(sql)) {
  if (error) throw new Error(error.message);
  rows += data.length;
  for (const row of data) for (let j = 0; j < 20; j++) sum += row[j];
}
const { user: cpuUser, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    rows,
    sum,
    seconds: (performance.now() - began) / 1000,
    cpuSeconds: (cpuUser + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
