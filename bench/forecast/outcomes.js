// What was forecast beside what came: the one reader for ours and for every peer.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { naive2, seasonalScale } from 'kol-trainer';
import { readLong } from './long.js';

const levels = [80, 95];

/** A set's description, training series and observations to forecast, read once. */
export function openSet(folder) {
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  const train = readLong(join(folder, meta.regular));
  const actual = readLong(join(folder, 'actual.csv'));
  const scale = new Map([...train].map(([id, { y }]) => [id, seasonalScale(y, meta.season)]));
  return { folder, meta, train, actual, scale };
}

/**
 * The outcomes of a file of forecasts, by id.
 * @param {boolean} subset whether series may be missing; otherwise that is an error, as is a missing step
 * @returns {Map<string, import('kol-trainer').ForecastOutcome>}
 */
export function readOutcomes(set, file, subset = false) {
  const forecasts = readLong(file);
  const outcomes = new Map();
  for (const [id, actual] of set.actual) {
    const found = forecasts.get(id);
    if (found === undefined && subset) continue;
    if (found === undefined) throw new Error(`${basename(file)} has no series ${id}`);
    const came = new Map(actual.time.map((time, i) => [time, actual.y[i]]));
    const missed = actual.time.find((time) => !found.time.includes(time));
    if (missed !== undefined) {
      throw new Error(`${basename(file)}: ${id} has no forecast for ${new Date(missed).toISOString()}`);
    }
    const columns = ['yhat', ...levels.flatMap((level) => [`yhat_lower_${level}`, `yhat_upper_${level}`])];
    const wrong = columns.find((column) => !found[column]?.every(Number.isFinite));
    if (wrong !== undefined)
      throw new Error(`${basename(file)}: ${id} has a ${wrong} that is no finite number`);
    outcomes.set(id, {
      actual: found.time.map((time) => came.get(time) ?? NaN),
      forecast: found.yhat,
      intervals: levels.map((level) => ({
        level: level / 100,
        lower: found[`yhat_lower_${level}`],
        upper: found[`yhat_upper_${level}`],
      })),
      scale: set.scale.get(id),
      slice: set.meta.name,
    });
  }
  return outcomes;
}

/** Naive2's outcomes, for the overall weighted average; without intervals. */
export function naive2Outcomes(set) {
  const { meta, train, actual, scale } = set;
  return new Map(
    [...actual].map(([id, { y }]) => [
      id,
      {
        actual: y,
        forecast: naive2(train.get(id).y, meta.season, meta.horizon),
        intervals: [],
        scale: scale.get(id),
      },
    ]),
  );
}
