import { forecastAccuracy, type ForecastAccuracy } from '../../champion/forecast/accuracy.js';
import { fitForecastChampion, type ForecastFitContext } from '../../champion/forecast/fit.js';
import { forecastChampion } from '../../champion/forecast/predict.js';
import type { Lineage } from '../../core/lineage.js';
import type { Gate } from '../../evaluation/gate/gate.js';
import { buildForecastRelease, type ForecastRelease } from '../../release/build-forecast-release.js';
import { formerForecaster, judgeForecast } from '../../release/judge-forecast.js';
import { figuresOf, trainingDataset, type ModelStore } from '../../release/model-store.js';
import type { BatchTarget, WrittenBatch } from '../../sources/batch-target.js';
import { commandLine, pinnedOptions } from '../../release/reproduce.js';
import { readPinned } from '../../sources/pinned-reading.js';
import type { TableSource } from '../../sources/table-source.js';
import { forecastCases } from './cases.js';
import type { ForecastConfig, ForecastMetric } from './config.js';
import { dailyMetricsQuery } from './query.js';
import { dailyDays, type DailyDays } from './rows.js';
import { forecastSpec } from './spec.js';
import { windowFigures } from './window-figures.js';
import { forecastUse } from './words.js';
import { writeForecasts } from './write-forecasts.js';

/** Histories on which each graph is compared with its model. */
const parityCases = 900;

/** What the training of one metric did. */
export interface MetricTraining {
  readonly metric: ForecastMetric;
  readonly release: ForecastRelease;
  readonly accuracy: ForecastAccuracy;
  /** The same, had every KOL been unknown. */
  readonly accuracyUnknown: ForecastAccuracy;
  readonly gate: Gate;
  readonly version: number;
  readonly runId: string;
  /** What went into `kol_gold.kol_forecasts`; undefined for a model that is held, or without a target. */
  readonly written?: WrittenBatch;
}

export interface ForecastTraining {
  readonly metrics: readonly MetricTraining[];
}

export interface ForecastContext extends ForecastFitContext {
  /** Where forecasts are written to. */
  readonly target?: BatchTarget;
}

/**
 * Daily metrics as known at a moment → per metric: local regressions, boosted lags and the season before at every
 * origin → blend and intervals learned on backtests → judged on the newest window → one ONNX graph for all KOLs →
 * compared with the seasonal naive forecast and the champion → registered → next days written.
 */
export async function trainForecast(
  config: ForecastConfig,
  source: TableSource,
  store: ModelStore,
  context: ForecastContext,
): Promise<ForecastTraining> {
  const { table, lineage } = await readPinned(source, dailyMetricsQuery(config), config, context.signal);
  const days = dailyDays(table);
  context.progress.note(`${table.nRows} days of KOLs, ${days.nDays} days long`);
  const metrics: MetricTraining[] = [];
  for (const metric of config.metrics) {
    metrics.push(await trainMetric(metric, config, days, lineage, store, context));
  }
  return { metrics };
}

async function trainMetric(
  metric: ForecastMetric,
  config: ForecastConfig,
  days: DailyDays,
  lineage: Lineage,
  store: ModelStore,
  context: ForecastContext,
): Promise<MetricTraining> {
  const name = `${config.model}-${metric}`;
  const rng = context.rng.split(metric);
  const { panel, kolIds } = days.metric(metric);
  const spec = forecastSpec(metric, config);
  const { model, heldOut } = await fitForecastChampion(panel, spec, { ...context, rng });
  const accuracy = forecastAccuracy(panel, heldOut, spec.goal, rng.split('accuracy'));
  const accuracyUnknown = forecastAccuracy(
    panel,
    { ...heldOut, forecasts: heldOut.asUnknown },
    spec.goal,
    rng.split('accuracy'),
  );
  const heldOutDay = days.firstDay + heldOut.nDays;
  const champion = await formerForecaster(store, name);
  const release = await buildForecastRelease({
    name,
    seed: config.seed,
    model,
    accuracy,
    accuracyUnknown,
    heldOutDay,
    lineage,
    figures: windowFigures({ panel, heldOut, accuracy, firstDay: days.firstDay }),
    use: forecastUse,
    command: commandLine(['kol train success', ...pinnedOptions(config, lineage)]),
    usage: [
      `kol score --model models:/${name}@champion --input histories.parquet --output forecasts.parquet`,
    ],
    cases: forecastCases(panel, config.history, parityCases, config.seed),
    judge: judgeForecast({
      policy: config.gate,
      name,
      accuracy,
      kolIds: model.kolIds,
      firstDay: heldOutDay,
      lineage,
      seed: config.seed,
      champion,
      looks: store.looks,
      rng: rng.split('gate'),
    }),
  });
  const { gate } = release;
  const { version, runId } = await store.keep(
    {
      name,
      label: `${name}-${release.card.trainingSnapshot.slice(0, 8)}`,
      params: {
        seed: config.seed,
        kols: model.kolIds.length,
        days: days.nDays,
        horizon: model.horizon,
        history: model.history,
        backtests: config.backtests,
        toolkit_version: release.card.toolkitVersion,
      },
      datasets: lineage.sources.map((from) =>
        trainingDataset(from, lineage.query, { kol_id: 'string', day: 'timestamp', [metric]: 'number' }),
      ),
      metrics: {
        ...Object.fromEntries(figuresOf(accuracy.metrics, 'newest_window/')),
        ...Object.fromEntries(figuresOf(accuracyUnknown.metrics, 'newest_window_unknown/')),
        onnx_parity: release.parity.maxAbsDifference,
      },
      files: release.files,
    },
    gate,
    champion?.version ?? null,
  );

  const firstDay = days.firstDay + days.nDays;
  const newest = new Float32Array(kolIds.length * config.history).fill(NaN);
  panel.values.forEach((values, k) => {
    const recent = values.subarray(Math.max(0, values.length - config.history));
    newest.set(recent, (k + 1) * config.history - recent.length);
  });
  const written =
    context.target === undefined || gate.decision !== 'promote'
      ? undefined
      : await writeForecasts(
          context.target,
          {
            metric,
            kolIds,
            firstDay,
            forecasts: forecastChampion(
              model,
              newest,
              model.kolIds,
              new Int32Array(kolIds.length).fill(firstDay),
            ),
            forecastAt: config.asOf === undefined ? days.newestWrite : Date.parse(config.asOf),
            model: { name, version },
          },
          context.signal,
        );
  return {
    metric,
    release,
    accuracy,
    accuracyUnknown,
    gate,
    version,
    runId,
    ...(written && { written }),
  };
}
