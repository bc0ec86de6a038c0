import type { ForecastChampion } from '../champion/forecast/model.js';
import { ExportError } from '../core/errors.js';
import { pickDays, type DayValues } from './forecast-calendar.js';
import { windowMeans, zeros, sum, type HistoryValues, type MeanWindows } from './forecast-history.js';
import { int64s, type GraphBuilder, type ValueName } from './graph.js';
import { concat, gather, scalar, toDouble } from './layout.js';
import { treeEnsemble } from './tree-ensemble.js';

/**
 * The boosted lags: features of the window once per KOL, laid out per step by a single Gather; the calendar beside
 * them; one row per KOL and step through the trees.
 *
 * @returns log(1 + forecast) `[N, horizon]`, double, not negative
 */
export function boostedMember(
  graph: GraphBuilder,
  model: ForecastChampion,
  history: HistoryValues,
  days: DayValues,
  level: ValueName,
): ValueName {
  const { plan, target, booster, transform } = model.boosted;
  if (
    transform !== 'log1p' ||
    plan.seasons.length !== 1 ||
    plan.attributes.length + plan.dynamic.length > 0
  ) {
    throw new ExportError(
      'onnx: boosted lags of a champion read one season, no attributes and no dynamic columns, and values that are not negative',
    );
  }
  const { horizon } = plan;
  const scale = scaleOf(graph, history);
  const u = graph.node('Div', [graph.node('Sub', [history.z, history.center]), scale]);
  const windows = meanWindows(model);
  const { means, counts } = windowMeans(graph, u, history.known, windows);
  const block = windowBlock(graph, model, history, { u, means, counts, scale }, windows);
  const parts = perStep(graph, model, block, days);
  const X = graph.node('Reshape', [
    concat(
      graph,
      parts.map(({ value }) => value),
      2,
    ),
    graph.constant(int64s([-1, parts.reduce((n, { names }) => n + names.length, 0)])),
  ]);
  const names = parts.flatMap((part) => part.names);
  const columns = booster.featureNames.map((name) => {
    const column = names.indexOf(name);
    if (column < 0) throw new ExportError(`onnx: the boosted lags read feature ${name}, which is not made`);
    return column;
  });
  const sums = treeEnsemble(graph, X, { trees: booster.trees, base: booster.baseScore, columns });
  const margin = graph.node('Reshape', [toDouble(graph, sums), graph.constant(int64s([-1, horizon]))]);
  const one = scalar(graph, 1);
  if (target === 'ratio') {
    const share = graph.node('Div', [
      graph.node('Add', [history.total, scalar(graph, 0.5)]),
      graph.node('Add', [history.nKnown, one]),
    ]);
    const mean = graph.node('Where', [
      history.isAny,
      share,
      graph.node('Sub', [graph.node('Exp', [level]), one]),
    ]);
    const forecast = graph.node('Mul', [mean, graph.node('Exp', [margin])]);
    return graph.node('Log', [graph.node('Add', [forecast, one])]);
  }
  const phases = Array.from({ length: horizon }, (_, h) =>
    windows.names.indexOf(`base_${h % plan.seasons[0]}`),
  );
  const base = gather(graph, means, phases, 1);
  const naive = graph.node('Where', [graph.node('IsNaN', [base]), scalar(graph, 0), base]);
  const scaled = graph.node('Mul', [graph.node('Add', [naive, margin]), scale]);
  return graph.node('Max', [graph.node('Add', [history.center, scaled]), scalar(graph, 0)]);
}

/** The deviation of the window, kept above nothing; the table's as it is. */
function scaleOf(graph: GraphBuilder, history: HistoryValues): ValueName {
  const least = graph.node('Mul', [graph.node('Abs', [history.center]), scalar(graph, 1e-3)]);
  const floored = graph.node('Max', [history.deviation, least, scalar(graph, 1e-9)]);
  return graph.node('Where', [history.isAny, floored, history.deviation]);
}

/** Every window that a mean is taken of: trailing ones, the two halves of the trend, and those of each weekday. */
function meanWindows({ boosted: { plan } }: ForecastChampion): MeanWindows {
  const { history, windows, seasons, differencePeriods } = plan;
  const [season] = seasons;
  const half = Math.floor((windows.at(-1) ?? 0) / 2);
  const list: [string, (day: number) => boolean][] = [
    ...windows.map((width): [string, (day: number) => boolean] => [
      `mean_${width}`,
      (day) => day >= history - width,
    ]),
    ['late', (day) => day >= history - half],
    ['early', (day) => day >= history - 2 * half && day < history - half],
    ['recent', (day) => day >= history - (windows.at(-1) ?? history)],
  ];
  for (let phase = 0; phase < season; phase++) {
    const first = history - season + phase;
    const isSame = (day: number): boolean => day <= first && (first - day) % season === 0;
    list.push([`phase_${phase}`, isSame]);
    list.push([`base_${phase}`, (day) => isSame(day) && first - day < differencePeriods * season]);
  }
  const table = new Float64Array(history * list.length);
  list.forEach(([, isIn], w) => {
    for (let day = 0; day < history; day++) table[day * list.length + w] = isIn(day) ? 1 : 0;
  });
  return { names: list.map(([name]) => name), table };
}

/** Everything that is computed once per KOL, side by side on the grid of the features: `[N, names.length]`. */
interface Block {
  readonly value: ValueName;
  readonly names: readonly string[];
}

function windowBlock(
  graph: GraphBuilder,
  model: ForecastChampion,
  history: HistoryValues,
  made: { u: ValueName; means: ValueName; counts: ValueName; scale: ValueName },
  windows: MeanWindows,
): Block {
  const { plan } = model.boosted;
  const { u, means, counts, scale } = made;
  const at = (value: ValueName, name: string): ValueName =>
    gather(graph, value, [windows.names.indexOf(name)], 1);
  const log1p = (value: ValueName): ValueName =>
    graph.node('Log', [graph.node('Add', [value, scalar(graph, 1)])]);
  // A history without any value has neither level nor spread of its own.
  const ifAny = (value: ValueName): ValueName =>
    graph.node('Where', [history.isAny, value, scalar(graph, NaN)]);

  const deviations = plan.windows.map((width) => {
    const own = gather(
      graph,
      u,
      Array.from({ length: width }, (_, i) => plan.history - width + i),
      1,
    );
    const apart = graph.node('Sub', [own, at(means, `mean_${width}`)]);
    const squares = graph.node('Mul', [apart, apart]);
    const known = graph.node('Where', [graph.node('IsNaN', [squares]), scalar(graph, 0), squares]);
    return graph.node('Sqrt', [graph.node('Div', [sum(graph, known), at(counts, `mean_${width}`)])]);
  });
  const recent = Float64Array.from(
    { length: plan.history },
    (_, day) => windows.table[day * windows.names.length + windows.names.indexOf('recent')],
  );
  const nZeros = graph.node('MatMul', [
    zeros(graph, history.z),
    graph.constant({ type: 'double', dims: [plan.history, 1], data: recent }),
  ]);
  const share = graph.node('Div', [history.nKnown, scalar(graph, plan.history)]);
  const steps = graph.node('Add', [
    graph.node('Mul', [history.nKnown, scalar(graph, 0)]),
    graph.constant({
      type: 'double',
      dims: [plan.horizon],
      data: Float64Array.from({ length: plan.horizon }, (_, h) => h + 1),
    }),
  ]);
  const columns: [readonly string[], ValueName][] = [
    [Array.from({ length: plan.history }, (_, day) => `day_${day}`), u],
    [windows.names, means],
    ...deviations.map((value, w): [readonly string[], ValueName] => [
      [`deviation_${plan.windows[w]}`],
      value,
    ]),
    [['trend'], graph.node('Sub', [at(means, 'late'), at(means, 'early')])],
    [['level'], ifAny(log1p(history.center))],
    [['spread'], ifAny(log1p(scale))],
    [['zero_share'], graph.node('Div', [nZeros, at(counts, 'recent')])],
    [['missing_share'], graph.node('Sub', [scalar(graph, 1), share])],
    [Array.from({ length: plan.horizon }, (_, h) => `step_${h + 1}`), steps],
  ];
  const all = concat(
    graph,
    columns.map(([, value]) => value),
    1,
  );
  return { value: onGrid(graph, all), names: columns.flatMap(([names]) => names) };
}

/** The nearest point of a grid of 1/4096 within ±1000; NaN as it is. */
function onGrid(graph: GraphBuilder, value: ValueName): ValueName {
  const lower = graph.node('Where', [
    graph.node('Less', [value, scalar(graph, -1000)]),
    scalar(graph, -1000),
    value,
  ]);
  const held = graph.node('Where', [
    graph.node('Greater', [lower, scalar(graph, 1000)]),
    scalar(graph, 1000),
    lower,
  ]);
  const steps = graph.node('Add', [graph.node('Mul', [held, scalar(graph, 4096)]), scalar(graph, 0.5)]);
  return graph.node('Div', [graph.node('Floor', [steps]), scalar(graph, 4096)]);
}

/** Features of every step, `[N, horizon, names.length]` each. */
function perStep(graph: GraphBuilder, model: ForecastChampion, block: Block, days: DayValues): Block[] {
  const { plan } = model.boosted;
  const [season] = plan.seasons;
  const steps = Array.from({ length: plan.horizon }, (_, h) => h + 1);
  const source = (name: string, step: number): string => {
    const lag = /^season_\d+_lag_(\d+)$/.exec(name);
    const first = plan.history - 1 + step - season * Math.ceil(step / season);
    if (lag !== null) return `day_${first - (Number(lag[1]) - 1) * season}`;
    if (name === `season_${season}_mean`) return `phase_${(step - 1) % season}`;
    if (name.startsWith('lag_')) return `day_${plan.history - Number(name.slice(4))}`;
    return name === 'step' ? `step_${step}` : name;
  };
  const own = model.boosted.booster.featureNames.filter((name) => block.names.includes(source(name, 1)));
  const places = steps.flatMap((step) => own.map((name) => block.names.indexOf(source(name, step))));
  const places2d = graph.constant(int64s(places, [plan.horizon, own.length]));
  const targets = steps.map((step) => days.before + step - 1);
  const before = steps.map((step) => days.before + step - 1 - season * Math.ceil(step / season));
  const ofTarget = [...plan.calendar, ...plan.events.map((name) => `event_${name}`)];
  const events = plan.events.map((name) => `event_${name}`);
  return [
    { value: graph.node('Gather', [block.value, places2d], { axis: { i: 1 } }), names: own },
    { value: pickDays(graph, days, targets, ofTarget), names: ofTarget },
    ...(events.length > 0
      ? [
          {
            value: pickDays(graph, days, before, events),
            names: events.map((name) => `${name}_season_before`),
          },
        ]
      : []),
  ];
}
