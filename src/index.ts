// The public surface: everything a script, a notebook or another package may rely on.

// core
export { Matrix, take } from './core/matrix.js';
export { Table, type Column, type ColumnType } from './core/table.js';
export { createRng, type Rng } from './core/rng.js';
export type { Pool } from './core/pool.js';
export { workerPool } from './worker-pool.js';
export { silent, type Progress } from './core/progress.js';
export { decodeRecord, encodeRecord } from './core/record.js';
export { sanitizeText } from './core/sanitize-text.js';
export { ConfigError, DataError, ExportError, GateError, InterruptedError, KolError } from './core/errors.js';

// learners
export { gradientBoosting } from './learners/gbm/gradient-boosting.js';
export { boostingMargins } from './learners/gbm/predict.js';
export { gainImportance } from './learners/gbm/importance.js';
export { shapValues, type ShapValues } from './learners/gbm/shap-values.js';
export { boostingMarginsInPool } from './learners/gbm/predict-in-pool.js';
export { anomalyScores, isAnomalous, isolationForest } from './learners/isolation-forest/isolation-forest.js';
export { importLightgbm } from './learners/gbm/foreign/import-lightgbm.js';
export { importXgboost } from './learners/gbm/foreign/import-xgboost.js';
export { logisticRegression } from './learners/linear/logistic-regression.js';
export { linearMargins } from './learners/linear/margins.js';
export { ridgeRegression } from './learners/linear/ridge-regression.js';
export { encodeColumn } from './learners/encoding/encode-column.js';
export { targetEncoder } from './learners/encoding/target-encoder.js';
export { textClassifier, textMargins } from './learners/text/text-classifier.js';

// forecasters
export { autoEts } from './learners/forecast/ets.js';
export { boostedLags } from './learners/forecast/boosted-lags/boosted-lags.js';
export { forecastBoostedLags } from './learners/forecast/boosted-lags/forecast.js';
export { autoTheta, theta } from './learners/forecast/theta.js';
export { mstl } from './learners/forecast/mstl.js';
export { seasonalForecaster } from './learners/forecast/seasonal/seasonal-forecaster.js';
export { forecastSeasonal } from './learners/forecast/seasonal/forecast.js';
export { seasonalNaive } from './learners/forecast/seasonal-naive.js';
export { buildPanel } from './forecast/panel.js';
export { forecastPanel } from './forecast/forecast-panel.js';
export { saleDays, tet } from './core/calendar/sale-days.js';

// features
export { computeFeatures } from './features/columns.js';
export { selectFeatures } from './features/sql.js';
export type { Feature } from './features/expression.js';

// ensemble, evaluation
export { fuse, reasonCodes } from './ensemble/fuse.js';
export {
  groupedFolds,
  randomHoldOut,
  splitsOf,
  stratifiedFolds,
  timeHoldOut,
  timeSplits,
} from './ensemble/folds.js';
export { amountMetrics, binaryMetrics, multiclassMetrics, regressionMetrics } from './evaluation/metrics.js';
export { bootstrapMeans } from './evaluation/bca.js';
export { spentAlpha } from './evaluation/alpha-spending.js';
export { compareBinary } from './evaluation/compare.js';
export { compareClasses } from './evaluation/compare-classes.js';
export { delong, delongPaired } from './evaluation/delong.js';
export { dieboldMariano } from './evaluation/diebold-mariano.js';
export { evaluateBinary, evaluateMulticlass, evaluateRegression } from './evaluation/evaluate.js';
export { coverage, meanScaledWidth, msis } from './evaluation/forecast/intervals.js';
export { mase } from './evaluation/forecast/mase.js';
export { naive2 } from './evaluation/forecast/naive2.js';
export { type ForecastOutcome, intervalAt } from './evaluation/forecast/outcome.js';
export { byHorizon, bySlice, meanOverSeries, scoreEach } from './evaluation/forecast/over-series.js';
export { owa } from './evaluation/forecast/owa.js';
export { pinballLoss } from './evaluation/forecast/pinball-loss.js';
export { rmsse, seasonalRootScale } from './evaluation/forecast/rmsse.js';
export { seasonalScale } from './evaluation/forecast/seasonal-scale.js';
export { smape } from './evaluation/forecast/smape.js';
export type { Gate } from './evaluation/gate/gate.js';
export { defaultPolicy, gatePolicy, type GatePolicy } from './evaluation/gate/policy.js';
export { runGate } from './evaluation/gate/run-gate.js';
export type { GateSubject } from './evaluation/gate/subject.js';
export { permutationImportance } from './evaluation/permutation-importance.js';
export { renderReport } from './evaluation/report-html.js';
export { chartRuntime } from './release/chart-runtime.js';

// notebooks
export { drawChart, type DrawableChart } from './notebook/draw-chart.js';
export { notebookDisplay, type KernelDisplay, type NotebookDisplay } from './notebook/notebook-display.js';
export { tableHtml } from './notebook/table-html.js';
export { binaryCharts } from './evaluation/charts/binary-charts.js';
export { beeswarmChart, dependenceChart } from './evaluation/charts/explanation-charts.js';
export { regressionCharts } from './evaluation/charts/regression-charts.js';

// champions
export { assess } from './champion/assess.js';
export { trainingData } from './champion/design.js';
export { fitChampion, refitChampion, type ChampionSpec } from './champion/fit.js';
export { explainChampion } from './champion/explain.js';
export { scoreChampion } from './champion/predict.js';
export { exportChampion, exportChampions } from './onnx/champion.js';
export { openSession } from './onnx/session.js';
export { exportTextClassifier } from './onnx/text.js';

// sources, registry
export { duckdbLakehouse } from './sources/duckdb.js';
export { trinoLakehouse } from './sources/trino/lakehouse.js';
export type { TrinoSettings } from './sources/trino/settings.js';
export { openDataFile, readWhole } from './sources/data-file.js';
export { embeddedTarget } from './sources/embedded-target.js';
export { importTexts } from './sources/import-texts.js';
export { accountsFile } from './sources/sample/accounts-file.js';
export { fileHash } from './sources/file-hash.js';
export { readPinned } from './sources/pinned-reading.js';
export { readAll, type Query, type TableSource } from './sources/table-source.js';
export { trinoTarget } from './sources/trino/batch-target.js';
export { writeSampleLakehouse } from './sources/sample/write-sample.js';
export { openModelRegistry } from './registry/model-registry.js';
export { openRunStore } from './registry/run-store.js';

// domains
export { trustConfig } from './trust/config.js';
export { trustQuery } from './trust/query.js';
export { trainTrust } from './trust/pipeline.js';
export { trustRows } from './trust/rows.js';
export { trustSpec } from './trust/spec.js';
export { campaignConfig } from './success/campaign/config.js';
export { trainCampaigns } from './success/campaign/pipeline.js';
export { writeKolScores } from './success/campaign/write-scores.js';
export { forecastConfig } from './success/forecast/config.js';
export { trainForecast } from './success/forecast/pipeline.js';
export { sentimentConfig } from './sentiment/config.js';
export { trainSentiment } from './sentiment/pipeline.js';
export { writeCommentScores } from './sentiment/comments/write-scores.js';
export { tableConfig } from './tabular/config.js';
export { trainTable } from './tabular/pipeline.js';
export { localModelStore } from './release/model-store.js';
export { scoreTable } from './release/score-table.js';
export { toolkitVersion } from './version.js';
