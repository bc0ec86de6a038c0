// Prophet of the npm registry (augurs: Rust and Stan as WebAssembly) forecasts one set; see peers.py for the job.
//   NPM_PEERS=… node bench/forecast/augurs.js '{"set": FOLDER, "out": FILE.csv, "subset": N}'
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { quoted, readLong } from './long.js';

const job = JSON.parse(process.argv[2]);
const folder = process.env.NPM_PEERS;
if (folder === undefined) throw new Error('NPM_PEERS must name the folder where the npm peers are installed');
const packages = join(folder, 'node_modules/@bsull');
const load = (file) => import(pathToFileURL(join(packages, file)).href);
const { Prophet, initSync } = await load('augurs/prophet.js');
initSync({ module: readFileSync(join(packages, 'augurs/prophet_bg.wasm')) });
const { optimizer } = await load('augurs-prophet-wasmstan/prophet-wasmstan.js');

const meta = JSON.parse(readFileSync(join(job.set, 'meta.json'), 'utf8'));
const series = [...readLong(join(job.set, meta.regular))];
const stride = job.subset ? Math.max(1, Math.floor(series.length / job.subset)) : 1;
const chosen = series.filter((_, i) => i % stride === 0).slice(0, job.subset || Infinity);

/** Seconds since 1970 of the horizon: fixed steps, or months. */
function future({ time }) {
  const last = new Date(time.at(-1));
  const step = time.at(-1) - time.at(-2);
  return Array.from({ length: meta.horizon }, (_, h) => {
    const months = { MS: h + 1, QS: 3 * (h + 1) }[meta.freq];
    if (months === undefined) return (time.at(-1) + (h + 1) * step) / 1000;
    return Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + months, 1) / 1000;
  });
}

/** Missing values are left out: Prophet does not need them filled. */
function fit({ time, y }, intervalWidth) {
  const known = time.flatMap((t, i) => (Number.isNaN(y[i]) ? [] : [i]));
  const model = new Prophet({ optimizer, intervalWidth });
  model.fit({ ds: known.map((i) => time[i] / 1000), y: known.map((i) => y[i]) });
  return model;
}

const forecast = (one, width) => fit(one, width).predict({ ds: future(one) }).yhat;
forecast(chosen[0][1], 0.8);
const used = process.cpuUsage();
const began = performance.now();
const found = chosen.map(([id, one]) => [id, one, forecast(one, 0.8)]);
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(used);
if (job.out) {
  const lines = found.flatMap(([id, one, { point, intervals }]) => {
    const wide = forecast(one, 0.95).intervals;
    return future(one).map((at, h) => {
      const time = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');
      const bounds = [intervals.lower[h], intervals.upper[h], wide.lower[h], wide.upper[h]];
      return [quoted(id), time, point[h], ...bounds].join(',');
    });
  });
  const bounds = [80, 95].flatMap((level) => [`yhat_lower_${level}`, `yhat_upper_${level}`]);
  writeFileSync(job.out, `id,time,yhat,${bounds.join(',')}\n${lines.join('\n')}\n`);
}
console.log(
  JSON.stringify({
    series: chosen.length,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
