import { Table } from '../../core/table.js';
import { plannedDays } from '../calendar.js';

/** Campaign rows with the columns `sale_days`, `days_before_tet` and `tet_days` of their planned span. */
export function withPlannedDays(table: Table): Table {
  const starts = Table.numbers(table, 'started_at');
  const ends = Table.numbers(table, 'ended_at');
  const days = Array.from(starts, (start, i) => plannedDays(start, ends[i]));
  return Table.fromColumns({
    ...table.columns,
    sale_days: { type: 'number', values: Float64Array.from(days, ({ saleDays }) => saleDays) },
    days_before_tet: { type: 'number', values: Float64Array.from(days, ({ beforeTet }) => beforeTet) },
    tet_days: { type: 'number', values: Float64Array.from(days, ({ atTet }) => atTet) },
  });
}
