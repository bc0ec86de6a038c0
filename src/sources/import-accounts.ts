import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DataError, throwIfAborted } from '../core/errors.js';
import type { ColumnType, Table } from '../core/table.js';
import { cannotWrite } from './atomic-file.js';
import { isErrnoException } from './errno.js';
import { shown } from './csv-problems.js';
import type { DataFile } from './data-file-types.js';
import { openDataFile } from './data-file.js';
import { listNames } from '../core/nearest-name.js';
import type { Cell, PartWriter } from './part-writer.js';
import { partWriter } from './part-writer.js';
import { hiddenBeside, replaceFolder } from './replace-folder.js';
import { trustTrainingSchema } from './trust-training.js';

export interface ImportAccountsOptions {
  /** CSV or Parquet with the column names of the public account data set, or of the lakehouse. */
  readonly input: string;
  /** Folder of the embedded lakehouse; made when missing. */
  readonly lakehouse: string;
  /** When the accounts were observed, milliseconds since 1970 UTC; 2020-08-19 when left out. */
  readonly asOf?: number;
  /** `twitter` when left out; a column `platform` wins. */
  readonly platform?: string;
  /** Where the labels come from; `twitter-human-bots` when left out. */
  readonly labelSource?: string;
  readonly skipBadRows?: string;
  readonly signal?: AbortSignal;
}

export interface ImportedAccounts {
  readonly nRows: number;
  readonly nUntrustworthy: number;
  /** Rows set aside in `skipBadRows`. */
  readonly rejected: number;
  /** Lakehouse columns that the input does not fill. */
  readonly nullColumns: readonly string[];
}

interface Source {
  /** Names under which the column may come, the first present wins. */
  readonly names: readonly string[];
  readonly type: ColumnType;
  readonly required?: boolean;
}

const sources = {
  kol_id: { names: ['kol_id', 'id'], type: 'string' },
  platform: { names: ['platform'], type: 'string' },
  followers_count: { names: ['followers_count'], type: 'number', required: true },
  following_count: { names: ['following_count', 'friends_count'], type: 'number', required: true },
  post_count: { names: ['post_count', 'statuses_count'], type: 'number', required: true },
  favorites_count: { names: ['favorites_count', 'favourites_count'], type: 'number' },
  verified: { names: ['verified'], type: 'boolean' },
  default_profile: { names: ['default_profile'], type: 'boolean' },
  default_profile_image: { names: ['default_profile_image'], type: 'boolean' },
  geo_enabled: { names: ['geo_enabled'], type: 'boolean' },
  lang: { names: ['lang'], type: 'string' },
  location: { names: ['location'], type: 'string' },
  account_age_days: { names: ['account_age_days'], type: 'number' },
  created_at: { names: ['created_at', 'account_created_at'], type: 'timestamp' },
  bio: { names: ['bio', 'description'], type: 'string' },
  username: { names: ['username', 'screen_name'], type: 'string' },
  display_name: { names: ['display_name', 'name'], type: 'string' },
  label: { names: ['label', 'account_type'], type: 'string', required: true },
} as const satisfies Record<string, Source>;
type SourceName = keyof typeof sources;

const table = 'kol_gold.ml_trust_training';
const day = 86_400_000;
const publicDataObserved = Date.UTC(2020, 7, 19);

/**
 * Fills kol_gold.ml_trust_training of an embedded lakehouse from a file of labelled accounts, in place of what was
 * there; the table appears whole or not at all. `bot`/1 becomes label 1, `human`/0 label 0; location `unknown`
 * becomes null; `has_bio` and `has_url` (a link in the bio) are known only where the file has bios; the age is taken
 * from the time of creation where the file lacks it. Columns the file lacks are null.
 *
 * @throws {DataError} for a file that cannot be read, a missing count or label column, a label that is neither, a
 *   negative or fractional count, a missing or repeated id, naming the row (the first below the header is row 1)
 * @throws {ConfigError} when the lakehouse cannot be written
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function importAccounts(options: ImportAccountsOptions): Promise<ImportedAccounts> {
  const { input, signal } = options;
  const reading = signal === undefined ? {} : { signal };
  const types: Record<string, ColumnType> = {};
  for (const { names, type } of Object.values(sources)) for (const name of names) types[name] = type;
  const file = await openDataFile(input, {
    types,
    only: Object.keys(types),
    ...reading,
    ...(options.skipBadRows === undefined ? {} : { skipBadRows: options.skipBadRows }),
  });
  const found = findColumns(file);

  const target = join(resolve(options.lakehouse), ...table.split('.'));
  const temporary = hiddenBeside(dirname(target), 'partial');
  let writer: PartWriter | undefined;
  try {
    await rm(temporary, { recursive: true, force: true });
    writer = await partWriter(temporary, table, trustTrainingSchema);
    const counts = { nRows: 0, nUntrustworthy: 0 };
    const seen = new Map<string, number>();
    for await (const batch of file.batches(reading)) {
      for (let i = 0; i < batch.nRows; i++) {
        const row = accountRow(batch, i, counts.nRows + 1, found, options, seen);
        counts.nRows++;
        if (row[labelPosition] === 1) counts.nUntrustworthy++;
        writer.add(row);
      }
      await writer.flush();
    }
    await writer.close();
    throwIfAborted(signal);
    await mkdir(dirname(target), { recursive: true });
    await replaceFolder(join(temporary, ...table.split('.')), target);
    return { ...counts, rejected: file.rejected, nullColumns: nullColumns(found) };
  } catch (error) {
    throw isErrnoException(error) ? cannotWrite(options.lakehouse, error) : error;
  } finally {
    await writer?.abort();
    await rm(temporary, { recursive: true, force: true });
  }
}

const labelPosition = trustTrainingSchema.findIndex(({ name }) => name === 'label');

type Found = ReadonlyMap<string, string>;

function findColumns(file: DataFile): Found {
  const present = file.schema.map(({ name }) => name);
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const [target, source] of Object.entries<Source>(sources)) {
    const name = source.names.find((candidate) => present.includes(candidate));
    if (name !== undefined) found.set(target, name);
    else if (source.required === true) missing.push([...source.names].reverse().join(' or '));
  }
  if (missing.length > 0) {
    throw new DataError(
      `${file.path}: column ${missing.join(', column ')} is missing; expected the names of the public account data ` +
        `set or of ${table}; the file has ${listNames(present)}`,
    );
  }
  return found;
}

function nullColumns(found: Found): string[] {
  const derived = new Map([
    ['has_bio', 'bio'],
    ['has_url', 'bio'],
    ['account_age_days', 'created_at'],
  ]);
  const always = new Set(['kol_id', 'platform', 'as_of', 'label_source']);
  return trustTrainingSchema
    .map(({ name }) => name)
    .filter((name) => !always.has(name) && !found.has(name) && !found.has(derived.get(name) ?? ''));
}

function accountRow(
  batch: Table,
  i: number,
  rowNumber: number,
  found: Found,
  options: ImportAccountsOptions,
  seen: Map<string, number>,
): Cell[] {
  const cell = (name: SourceName): Cell => {
    const column = found.get(name);
    if (column === undefined) return null;
    const value = batch.columns[column].values[i] ?? null;
    return typeof value === 'number' && Number.isNaN(value) ? null : value;
  };
  const refuse = (name: SourceName, expected: string): DataError => {
    const value = cell(name);
    const holds = value === null ? 'is missing' : `holds ${shown(String(value))}`;
    return new DataError(
      `${options.input}: row ${rowNumber}: column ${found.get(name) ?? name} ${holds}, expected ${expected}; correct the row or take it out`,
    );
  };
  const count = (name: SourceName): Cell => {
    const value = cell(name);
    if (value !== null && !(Number.isSafeInteger(value) && (value as number) >= 0)) {
      throw refuse(name, 'a whole number, zero or more');
    }
    return value;
  };
  const identity = (): string => {
    if (!found.has('kol_id')) return `acct-${String(rowNumber).padStart(6, '0')}`;
    const id = cell('kol_id');
    if (typeof id !== 'string') throw refuse('kol_id', 'an id');
    const earlier = seen.get(id);
    if (earlier !== undefined) throw refuse('kol_id', `each id once (it is also in row ${earlier})`);
    seen.set(id, rowNumber);
    return id;
  };
  const asOf = options.asOf ?? publicDataObserved;
  const age = (): Cell => {
    if (found.has('account_age_days')) return count('account_age_days');
    const created = cell('created_at');
    if (created === null) return null;
    if ((created as number) > asOf) throw refuse('created_at', 'a time before the accounts were observed');
    return Math.floor((asOf - (created as number)) / day);
  };
  const label = (): number => {
    const text = String(cell('label') ?? '').toLowerCase();
    if (text === 'bot' || Number(text || NaN) === 1) return 1;
    if (text === 'human' || Number(text || NaN) === 0) return 0;
    throw refuse('label', 'bot or human, or 1 (untrustworthy) or 0');
  };
  const bio = cell('bio');
  const location = cell('location');
  const knowsBio = found.has('bio');

  const values: Record<string, Cell> = {
    kol_id: identity(),
    platform: cell('platform') ?? options.platform ?? 'twitter',
    as_of: asOf,
    followers_count: count('followers_count'),
    following_count: count('following_count'),
    post_count: count('post_count'),
    favorites_count: count('favorites_count'),
    verified: cell('verified'),
    default_profile: cell('default_profile'),
    default_profile_image: cell('default_profile_image'),
    has_url: knowsBio ? Number(/https?:\/\/|www\./i.test(String(bio ?? ''))) : null,
    has_bio: knowsBio ? Number(bio !== null) : null,
    geo_enabled: cell('geo_enabled'),
    lang: cell('lang'),
    location: typeof location === 'string' && location.toLowerCase() === 'unknown' ? null : location,
    account_age_days: age(),
    bio,
    username: cell('username'),
    display_name: cell('display_name'),
    label: label(),
    label_source: options.labelSource ?? 'twitter-human-bots',
  };
  return trustTrainingSchema.map(({ name }) => values[name]);
}
