import { DataError } from '../core/errors.js';
import type { DataFileOptions } from './data-file-types.js';
import { listNames, nearestHint } from '../core/nearest-name.js';

/**
 * Checks that a file has the columns its reader cannot do without.
 * @throws {DataError} naming the missing column, the nearest one and those the file has
 */
export function checkRequired(path: string, names: readonly string[], required: readonly string[]): void {
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  const subject = missing.length === 1 ? `column ${missing[0]} is` : `columns ${listNames(missing)} are`;
  const only =
    names.length === 1
      ? `only one column was found, ${JSON.stringify(names[0].slice(0, 120))}: expected a header split by comma, semicolon, tab or |`
      : `the file has ${listNames(names)}`;
  throw new DataError(`${path}: ${subject} missing${nearestHint(missing[0], names)}; ${only}`);
}

/** Whether a column is to be read under the options `only` and `drop`. */
export function isWanted(name: string, options: Pick<DataFileOptions, 'only' | 'drop'>): boolean {
  return (options.only?.includes(name) ?? true) && !(options.drop?.includes(name) ?? false);
}
