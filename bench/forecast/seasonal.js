// The seasonal forecaster alone on one set of daily series, in a process of its own; see peers.py for the job.
//   node bench/forecast/seasonal.js '{"set": FOLDER, "out": FILE.csv, "subset": N}'
// Reading is not timed, a warm-up neither; point forecasts only.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// A part of the command, not of the public surface.
import { forecastSeasonal } from '../../dist/learners/forecast/seasonal/forecast.js';
import { designCache } from '../../dist/learners/forecast/seasonal/prepared.js';
import { seasonalForecaster } from '../../dist/learners/forecast/seasonal/seasonal-forecaster.js';
import { readLong } from './long.js';

const job = JSON.parse(process.argv[2]);
const meta = JSON.parse(readFileSync(join(job.set, 'meta.json'), 'utf8'));
const series = [...readLong(join(job.set, meta.regular)).values()].map(({ time, y }) => ({
  y: Float64Array.from(y),
  grid: { frequency: { unit: 'millisecond', step: time[1] - time[0] }, start: time[0] },
}));
const chosen = series.slice(0, job.subset || Infinity);

// Series of a job share their designs, as in the command.
const cache = designCache();
const forecast = (one) => forecastSeasonal(seasonalForecaster().fit(one, cache), meta.horizon);
for (const one of chosen.slice(0, 20)) forecast(one);
const used = process.cpuUsage();
const began = performance.now();
for (const one of chosen) forecast(one);
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(used);
console.log(
  JSON.stringify({
    series: chosen.length,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
