import { eventNames, nWeekly, nYearly } from '../champion/forecast/calendar.js';
import { week } from '../champion/forecast/history.js';
import { reach } from '../champion/forecast/members.js';
import { nMembers, type BlendTable, type ForecastChampion } from '../champion/forecast/model.js';
import { boostedMember } from './forecast-boosted.js';
import { dayValues, pickDays, regressorColumns, type DayValues } from './forecast-calendar.js';
import { historyValues, type HistoryValues } from './forecast-history.js';
import { doubles, floats, graphBuilder, int64s, type GraphBuilder, type ValueName } from './graph.js';
import { cast, concat, gather, scalar, toDouble } from './layout.js';

/** Columns of the KOL tables before the coefficients. */
const tableColumns = ['level', 'spread', 'movement', 'center', 'error'] as const;

/**
 * A forecast champion as one ONNX graph.
 *
 * Inputs: `history [N, history]` float32, the latest day last, NaN for a missing day; `kol_id [N]` string, in the form
 * of `sanitizeText`, anything for a KOL that the training did not know; `start [N]` int64, the epoch day of the first
 * day to forecast. N >= 1.
 * Outputs `[N, horizon]` float32: `yhat`, and `yhat_lower_<level>`, `yhat_upper_<level>` in percent for every level.
 * A history without any value gets the KOL's own level, or for a stranger the middle of all KOLs with an interval as
 * wide as they differ. The same model and metadata give the same bytes.
 *
 * @throws {ExportError} for boosted lags that read what the graph is not given
 */
export function exportForecast(
  model: ForecastChampion,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { horizon } = model;
  const graph = graphBuilder('forecast');
  const history = graph.input('history', 'float', [model.history]);
  const kolId = graph.input('kol_id', 'string');
  const start = graph.input('start', 'int64');

  const row = rowOf(graph, model, kolId);
  const table = kolRows(graph, model, row);
  const column = (name: (typeof tableColumns)[number]): ValueName =>
    gather(graph, table, [tableColumns.indexOf(name)], 1);
  const level = column('level');
  const values = historyValues(graph, model, history, {
    level,
    spread: column('spread'),
    movement: column('movement'),
  });
  const days = dayValues(graph, model.calendar, start, horizon);
  const said = [
    boostedMember(graph, model, values, days, level),
    localMember(graph, model, values, days, table),
    naiveMember(graph, model, values),
  ];

  const kind = cast(graph, graph.node('Greater', [row, graph.constant(int64s([0], []))]), 'int64');
  const middle = blended(graph, model, said, kind);
  const unit = graph.node('Unsqueeze', [
    graph.node('Mul', [column('error'), values.movement]),
    graph.constant(int64s([2])),
  ]);
  const distances = graph.node('Mul', [byKind(graph, model, intervalRows, kind), unit]);
  const logs = graph.node('Add', [middle, distances]);
  const counts = graph.node('Sub', [graph.node('Exp', [logs]), scalar(graph, 1)]);
  const answers = cast(graph, graph.node('Max', [counts, scalar(graph, 0)]), 'float');
  outputNames(model).forEach((name, k) => {
    graph.output(name, 'Gather', [answers, graph.constant(int64s([k], []))], { axis: { i: 2 } }, [horizon]);
  });
  return graph.finish(metadata);
}

/** The outputs of a champion's graph, in order. */
export function outputNames({ known }: Pick<ForecastChampion, 'known'>): string[] {
  const percent = (level: number): string => String(Math.round(level * 1000) / 10);
  return [
    'yhat',
    ...known.intervals.flatMap(({ level }) => [
      `yhat_lower_${percent(level)}`,
      `yhat_upper_${percent(level)}`,
    ]),
  ];
}

function rowOf(graph: GraphBuilder, { kolIds }: ForecastChampion, kolId: ValueName): ValueName {
  return graph.node(
    'LabelEncoder',
    [kolId],
    {
      keys_strings: { strings: kolIds },
      values_int64s: { ints: kolIds.map((_, k) => k + 1) },
      default_int64: { i: 0 },
    },
    'ai.onnx.ml',
  );
}

/** The rows of all tables side by side, `[N, 5 + nCoefficients]`, double. */
function kolRows(graph: GraphBuilder, { kols }: ForecastChampion, row: ValueName): ValueName {
  const nRows = kols.level.length;
  const nCoefficients = kols.coefficients.length / nRows;
  const width = tableColumns.length + nCoefficients;
  const cells = new Float32Array(nRows * width);
  for (let k = 0; k < nRows; k++) {
    tableColumns.forEach((name, j) => (cells[k * width + j] = kols[name][k]));
    const own = kols.coefficients.subarray(k * nCoefficients, (k + 1) * nCoefficients);
    cells.set(own, k * width + tableColumns.length);
  }
  const table = graph.constant(floats(cells, [nRows, width]));
  return toDouble(graph, graph.node('Gather', [table, row], { axis: { i: 0 } }));
}

/** The value of the same weekday of the last known week. */
function naiveMember(
  graph: GraphBuilder,
  { horizon, history }: ForecastChampion,
  values: HistoryValues,
): ValueName {
  const places = Array.from({ length: horizon }, (_, h) => history - week + (h % week));
  return gather(graph, values.filled, places, 1);
}

/**
 * The regression's recursion, solved at once: with L the lags that fall on forecasts, the path is the sum of the
 * powers of L applied to what is known beforehand, and L^horizon = 0.
 */
function localMember(
  graph: GraphBuilder,
  model: ForecastChampion,
  values: HistoryValues,
  days: DayValues,
  table: ValueName,
): ValueName {
  const { horizon, history, lags } = model;
  const longest = Math.max(...lags);
  const nKnown = 1 + nWeekly + nYearly + eventNames(model.calendar).length;
  const first = tableColumns.length;
  const ofLags = gather(
    graph,
    table,
    lags.map((_, j) => first + nKnown + j),
    1,
  );
  // The coefficient of the lag that leads from a column to a step, 0 where none does; a product is faster than a
  // look-up of single numbers.
  const matrix = (nColumns: number, lagAt: (h: number, column: number) => number): ValueName => {
    const places = new Float64Array(lags.length * horizon * nColumns);
    for (let i = 0; i < horizon * nColumns; i++) {
      const j = lags.indexOf(lagAt(Math.floor(i / nColumns), i % nColumns));
      if (j >= 0) places[j * horizon * nColumns + i] = 1;
    }
    const spread = graph.constant(doubles(places, [lags.length, horizon * nColumns]));
    const shape = graph.constant(int64s([-1, horizon, nColumns]));
    return graph.node('Reshape', [graph.node('MatMul', [ofLags, spread]), shape]);
  };
  const axis2 = graph.constant(int64s([2]));
  const center = gather(graph, table, [tableColumns.indexOf('center')], 1);
  const tail = gather(
    graph,
    values.filled,
    Array.from({ length: longest }, (_, i) => history - longest + i),
    1,
  );
  const past = graph.node('Unsqueeze', [graph.node('Sub', [tail, center]), axis2]);
  const targets = Array.from({ length: horizon }, (_, h) => days.before + h);
  const regressors = pickDays(graph, days, targets, regressorColumns(model.calendar));
  const slopes = gather(
    graph,
    table,
    Array.from({ length: nKnown - 1 }, (_, j) => first + 1 + j),
    1,
  );
  const intercept = graph.node('Unsqueeze', [gather(graph, table, [first], 1), axis2]);
  const ofDays = graph.node('MatMul', [regressors, graph.node('Unsqueeze', [slopes, axis2])]);
  const ofPast = graph.node('MatMul', [matrix(longest, (h, i) => h + longest - i), past]);
  let path = graph.node('Add', [graph.node('Add', [ofDays, ofPast]), intercept]);
  let power = matrix(horizon, (h, earlier) => h - earlier);
  for (let reached = 1; reached < horizon; reached *= 2) {
    path = graph.node('Add', [path, graph.node('MatMul', [power, path])]);
    if (2 * reached < horizon) power = graph.node('MatMul', [power, power]);
  }
  const flat = graph.node('Squeeze', [path, axis2]);
  const far = graph.node('Add', [
    graph.node('Mul', [values.deviation, scalar(graph, reach.deviations)]),
    scalar(graph, reach.constant),
  ]);
  const lowest = graph.node('Sub', [values.center, far]);
  const highest = graph.node('Add', [values.center, far]);
  const held = graph.node('Min', [graph.node('Max', [graph.node('Add', [flat, center]), lowest]), highest]);
  return graph.node('Max', [held, scalar(graph, 0)]);
}

/** The blend of the members, log(1 + value) `[N, horizon, 1]`. */
function blended(
  graph: GraphBuilder,
  model: ForecastChampion,
  said: readonly ValueName[],
  kind: ValueName,
): ValueName {
  const axis2 = graph.constant(int64s([2]));
  const z = concat(
    graph,
    said.map((value) => graph.node('Unsqueeze', [value, axis2])),
    2,
  );
  const weights = byKind(graph, model, ({ weights: own }) => own, kind);
  const one = scalar(graph, 1);
  if (model.goal === 'median') return graph.node('ReduceSum', [graph.node('Mul', [z, weights]), axis2]);
  const counts = graph.node('Sub', [graph.node('Exp', [z]), one]);
  const scaled = graph.node('Mul', [counts, graph.constant(doubles(model.factors, [nMembers]))]);
  const mean = graph.node('ReduceSum', [graph.node('Mul', [scaled, weights]), axis2]);
  return graph.node('Log', [graph.node('Add', [mean, one])]);
}

/** A table of unknown (0) and known (1) KOLs, looked up: `[N, horizon, nColumns]`. */
function byKind(
  graph: GraphBuilder,
  { unknown, known, horizon }: ForecastChampion,
  rowsOf: (table: BlendTable) => Float64Array,
  kind: ValueName,
): ValueName {
  const [a, b] = [rowsOf(unknown), rowsOf(known)];
  const table = doubles([...a, ...b], [2, horizon, a.length / horizon]);
  return graph.node('Gather', [graph.constant(table), kind], { axis: { i: 0 } });
}

/** `[horizon][1 + 2 nLevels]` distances in the order of the outputs. */
function intervalRows({ intervals, weights }: BlendTable): Float64Array {
  const horizon = weights.length / nMembers;
  const rows: number[] = [];
  for (let h = 0; h < horizon; h++) {
    rows.push(0);
    for (const { lower, upper } of intervals) rows.push(lower[h], upper[h]);
  }
  return Float64Array.from(rows);
}
