import { ConfigError } from '../core/errors.js';
import { forecastGaps } from '../evaluation/drift/forecast-gap.js';
import { followerSpikes, sentimentDrops, type DailySeries } from '../evaluation/drift/own-history.js';
import type { DriftFindings } from '../evaluation/drift/drift-report.js';
import type { DriftThresholds } from '../evaluation/drift/thresholds.js';
import { openDataFile } from '../sources/data-file.js';
import { readLongTable } from './long-table.js';

const idColumn = 'kol_id';
const timeColumns = ['metric_date', 'comment_date', 'posted_date', 'commented_at', 'date', 'as_of'];
const followersColumn = 'followers_count';
const sentimentColumns = ['sentiment', 'sentiment_score', 'sentiment_mean', 'mean_sentiment'];

const forecastColumns = ['actual', 'yhat_lower', 'yhat_upper'] as const;

const dayLength = 86_400_000;

/**
 * The rules of the platform on a table of KOLs over time: a row per KOL and day (or moment), with followers, a
 * sentiment, what came of a forecast and its interval, or several of these.
 * @throws {ConfigError} naming the columns that the file lacks
 */
export async function judgeActivity(
  path: string,
  thresholds: DriftThresholds,
  signal: AbortSignal,
): Promise<DriftFindings['rules']> {
  const schema = (await openDataFile(path, { signal })).schema.map(({ name }) => name);
  const time = timeColumns.find((name) => schema.includes(name));
  const sentiment = sentimentColumns.find((name) => schema.includes(name));
  const followers = schema.includes(followersColumn);
  const forecasts = forecastColumns.every((name) => schema.includes(name));
  if (
    !schema.includes(idColumn) ||
    time === undefined ||
    (!followers && sentiment === undefined && !forecasts)
  ) {
    throw new ConfigError(
      `--activity ${path}: expected ${idColumn}, a time (${timeColumns.join(', ')}) and ${followersColumn}, a sentiment (${sentimentColumns.join(', ')}) or a forecast (${forecastColumns.join(', ')}); found ${schema.join(', ')}`,
    );
  }
  const series = (target: string, ofDay: (values: number[]) => number): Promise<DailySeries[]> =>
    readDaily(path, time, target, ofDay, signal);
  const rules: DriftFindings['rules'][number][] = [];
  if (followers) {
    const found = followerSpikes(await series(followersColumn, last), thresholds.followerSpike);
    rules.push({ rule: 'follower-spike', ...found });
  }
  if (sentiment !== undefined) {
    const found = sentimentDrops(await series(sentiment, mean), thresholds.sentimentDrop);
    rules.push({ rule: 'sentiment-drop', ...found });
  }
  if (forecasts) {
    const [actual, lower, upper] = await Promise.all(forecastColumns.map((name) => series(name, last)));
    rules.push({ rule: 'forecast-gap', ...forecastGaps({ actual, lower, upper }, thresholds.forecastGap) });
  }
  return rules;
}

async function readDaily(
  path: string,
  time: string,
  target: string,
  ofDay: (values: number[]) => number,
  signal: AbortSignal,
): Promise<DailySeries[]> {
  const { rows, time: form } = await readLongTable(path, { id: idColumn, time, target }, { signal });
  return rows.ids.map((id, k): DailySeries => {
    const times = rows.times[k];
    const values = rows.values[k];
    const byDay = new Map<number, number[]>();
    const order = Array.from(times, (_, i) => i).sort((a, b) => times[a] - times[b] || a - b);
    for (const i of order) {
      if (Number.isNaN(values[i])) continue;
      const day = Math.floor(times[i] / (form.isCalendar ? dayLength : 1));
      const held = byDay.get(day);
      if (held === undefined) byDay.set(day, [values[i]]);
      else held.push(values[i]);
    }
    return { id, days: [...byDay.keys()], values: [...byDay.values()].map(ofDay) };
  });
}

/** Followers are a level: the latest reading of the day is the day's. */
function last(values: number[]): number {
  return values[values.length - 1];
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
