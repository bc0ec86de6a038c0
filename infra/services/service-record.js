import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startMark } from './processes.js';

/** The folder of one service: its data, configuration, log and record. */
export const serviceFolder = (settings, name) => join(settings.state, name);

/** The record of a service that runs; null where none does, also when another process has taken over its id. */
export function readRecord(settings, name) {
  let record;
  try {
    record = JSON.parse(readFileSync(join(serviceFolder(settings, name), 'process.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
  return startMark(record.pid) === record.mark ? record : null;
}

/** Written whole or not at all. */
export function writeRecord(settings, name, record) {
  const folder = serviceFolder(settings, name);
  mkdirSync(folder, { recursive: true });
  const scratch = join(folder, `process.json.${process.pid}`);
  writeFileSync(scratch, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(scratch, join(folder, 'process.json'));
}

export function removeRecord(settings, name) {
  rmSync(join(serviceFolder(settings, name), 'process.json'), { force: true });
}
