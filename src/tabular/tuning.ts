import type { Table } from '../core/table.js';
import { tableDigest } from '../core/table-digest.js';
import { trainedOnInAll } from '../ensemble/folds.js';
import type { TuningTask } from '../release/tune-champion.js';
import type { TableConfig } from './config.js';
import { tableRows } from './rows.js';

/** What a search for the boosters of any table may look at, and what it is judged on. */
export function tableTuning(config: TableConfig, table: Table, where: string): TuningTask {
  const { data, spec, splits } = tableRows(config, table, where);
  const held = splits.map(({ time, ...hold }) => ({
    ...hold,
    data: time === undefined ? data : { ...data, time },
  }));
  return {
    model: config.name,
    // Who names a time means to go on from there.
    data: held[held.length - 1].data,
    spec,
    stopsEarly: true,
    rows: trainedOnInAll(splits.map(({ split }) => split)),
    digest: tableDigest(table),
    held,
  };
}
