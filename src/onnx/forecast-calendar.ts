import {
  calendarCycle,
  eventNames,
  firstWeekday,
  nWeekly,
  nYearly,
  weekTable,
  yearTable,
  type EventCalendar,
} from '../champion/forecast/calendar.js';
import { week } from '../champion/forecast/history.js';
import { doubles, int64s, type GraphBuilder, type ValueName } from './graph.js';
import { concat, scalar } from './layout.js';

/** What the calendar says of the days around a start: `[N, before + horizon, columns.length]`, double. */
export interface DayValues {
  readonly value: ValueName;
  readonly columns: readonly string[];
  /** Days before the start that come first. */
  readonly before: number;
}

/**
 * The calendar by tables: the weekday by the day modulo 7, dates by the day modulo 1,461, moving events by a list.
 * @param start `[N]` epoch days, int64
 */
export function dayValues(
  graph: GraphBuilder,
  calendar: EventCalendar,
  start: ValueName,
  horizon: number,
): DayValues {
  const before = week;
  const offsets = Array.from({ length: before + horizon }, (_, i) => i - before);
  const column = graph.node('Unsqueeze', [start, graph.constant(int64s([1]))]);
  const days = graph.node('Add', [column, graph.constant(int64s(offsets))]);
  const shifted = graph.node('Add', [days, graph.constant(int64s([firstWeekday], []))]);
  const weekday = graph.node('Mod', [shifted, graph.constant(int64s([7], []))]);
  const date = graph.node('Mod', [days, graph.constant(int64s([calendarCycle], []))]);
  const { fixed, moving } = calendar;
  const parts = [
    lookUp(graph, weekRows(), 7, weekday),
    lookUp(graph, dateRows(calendar), calendarCycle, date),
  ];
  if (moving.names.length > 0) parts.push(movingEvents(graph, calendar, days));
  return {
    value: concat(graph, parts, 2),
    columns: [
      'day_of_week',
      ...Array.from({ length: nWeekly }, (_, k) => `weekly_${k}`),
      'day_of_month',
      'month',
      ...Array.from({ length: nYearly }, (_, k) => `yearly_${k}`),
      ...fixed.names.map((name) => `event_${name}`),
      ...moving.names.map((name) => `event_${name}`),
    ],
    before,
  };
}

/** Columns of the regressors that the local regression reads after its intercept. */
export function regressorColumns(calendar: EventCalendar): string[] {
  return [
    ...Array.from({ length: nWeekly }, (_, k) => `weekly_${k}`),
    ...Array.from({ length: nYearly }, (_, k) => `yearly_${k}`),
    ...eventNames(calendar).map((name) => `event_${name}`),
  ];
}

function lookUp(graph: GraphBuilder, rows: Float64Array, nRows: number, at: ValueName): ValueName {
  const table = graph.constant(doubles(rows, [nRows, rows.length / nRows]));
  return graph.node('Gather', [table, at], { axis: { i: 0 } });
}

/** `[7][1 + nWeekly]` */
function weekRows(): Float64Array {
  const waves = weekTable();
  return Float64Array.from({ length: 7 * (1 + nWeekly) }, (_, i) => {
    const [weekday, k] = [Math.floor(i / (1 + nWeekly)), i % (1 + nWeekly)];
    return k === 0 ? weekday : waves[weekday * nWeekly + k - 1];
  });
}

/** `[1461][2 + nYearly + nFixed]` */
function dateRows({ fixed }: EventCalendar): Float64Array {
  const year = yearTable();
  const nDates = 2 + nYearly;
  const width = nDates + fixed.names.length;
  return Float64Array.from({ length: calendarCycle * width }, (_, i) => {
    const [day, k] = [Math.floor(i / width), i % width];
    return k < nDates ? year[day * nDates + k] : fixed.days[(k - nDates) * calendarCycle + day];
  });
}

function movingEvents(graph: GraphBuilder, { moving }: EventCalendar, days: ValueName): ValueName {
  const n = moving.names.length;
  const which =
    moving.days.length === 0
      ? graph.node('Mul', [days, graph.constant(int64s([0], []))])
      : graph.node(
          'LabelEncoder',
          [days],
          {
            keys_int64s: { ints: moving.days },
            values_int64s: { ints: Array.from(moving.which, (event) => event + 1) },
            default_int64: { i: 0 },
          },
          'ai.onnx.ml',
        );
  const rows = Float64Array.from({ length: (n + 1) * n }, (_, i) =>
    Math.floor(i / n) === (i % n) + 1 ? 1 : 0,
  );
  return lookUp(graph, rows, n + 1, which);
}

/** Columns of some days: `[N, days.length, names.length]`. */
export function pickDays(
  graph: GraphBuilder,
  { value, columns }: DayValues,
  days: readonly number[],
  names: readonly string[],
): ValueName {
  const rows = graph.node('Gather', [value, graph.constant(int64s(days))], { axis: { i: 1 } });
  const places = names.map((name) => columns.indexOf(name));
  return graph.node('Gather', [rows, graph.constant(int64s(places))], { axis: { i: 2 } });
}

/** Ones `[N, 1]` in the form of another value. */
export function onesLike(graph: GraphBuilder, column: ValueName): ValueName {
  return graph.node('Add', [graph.node('Mul', [column, scalar(graph, 0)]), scalar(graph, 1)]);
}
