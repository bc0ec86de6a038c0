import { checkEvents, eventsFromRows, type CalendarEvent } from '../core/calendar/events.js';
import { DataError } from '../core/errors.js';
import { Table } from '../core/table.js';
import { openDataFile, readWhole } from '../sources/data-file.js';

/**
 * Events from a CSV or Parquet file: one row per day, columns name and date (YYYY-MM-DD), and, where an event is felt
 * on the days around it, lower_window (days before, at most 0) and upper_window (days after).
 * @throws {DataError} naming file, row and what is wrong with it
 */
export async function readEvents(path: string, signal: AbortSignal): Promise<CalendarEvent[]> {
  const file = await openDataFile(path, {
    types: { name: 'string', date: 'string', lower_window: 'number', upper_window: 'number' },
    required: ['name', 'date'],
    only: ['name', 'date', 'lower_window', 'upper_window'],
    signal,
  });
  const table = await readWhole(file, signal);
  const window = (name: string, i: number): number => {
    const value = name in table.columns ? Table.numbers(table, name)[i] : 0;
    return Number.isNaN(value) ? 0 : value;
  };
  const rows = Array.from({ length: table.nRows }, (_, i) => ({
    name: Table.strings(table, 'name')[i] ?? '',
    date: (Table.strings(table, 'date')[i] ?? '').slice(0, 10),
    lower_window: window('lower_window', i),
    upper_window: window('upper_window', i),
  }));
  try {
    const events = eventsFromRows(rows);
    checkEvents(events);
    return events;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Rows are counted from 1 in files.
    const message = error.message.replace(/^events\[(\d+)\]/, (_, i: string) => `row ${Number(i) + 1}`);
    throw new DataError(`${path}: ${message}`, { cause: error });
  }
}
