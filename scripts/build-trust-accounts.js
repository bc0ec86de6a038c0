// Derives data/trust-accounts.parquet from the public account table; run after `npm run build`:
//   node scripts/build-trust-accounts.js path/to/accounts_numeric.csv data/trust-accounts.parquet
import { createRng, shuffle } from '../dist/core/rng.js';
import { Table } from '../dist/core/table.js';
import { openDataFile } from '../dist/sources/data-file.js';
import { tableWriter } from '../dist/sources/write-table.js';

const [input, output] = process.argv.slice(2);
if (input === undefined || output === undefined) {
  process.stderr.write('usage: node scripts/build-trust-accounts.js INPUT.csv OUTPUT.parquet\n');
  process.exit(2);
}

// Source column → lakehouse column and type. No id, no name, no text.
const columns = [
  ['followers_count', 'followers_count', 'integer'],
  ['friends_count', 'following_count', 'integer'],
  ['statuses_count', 'post_count', 'integer'],
  ['favourites_count', 'favorites_count', 'integer'],
  ['verified', 'verified', 'boolean'],
  ['default_profile', 'default_profile', 'boolean'],
  ['default_profile_image', 'default_profile_image', 'boolean'],
  ['geo_enabled', 'geo_enabled', 'boolean'],
  ['account_age_days', 'account_age_days', 'integer'],
  ['account_type', 'label', 'integer'],
];

const file = await openDataFile(input, {
  required: columns.map(([source]) => source),
  types: Object.fromEntries(
    columns.map(([source, name]) => [source, name === 'label' ? 'string' : 'number']),
  ),
});
const batches = [];
for await (const batch of file.batches()) batches.push(batch);
const table = Table.concat(batches);

const values = columns.map(([source, name]) =>
  name === 'label'
    ? Float64Array.from(Table.strings(table, source), (type) =>
        type === 'bot' ? 1 : type === 'human' ? 0 : NaN,
      )
    : Table.numbers(table, source),
);
if (values.some((column) => column.some(Number.isNaN))) throw new Error('a value is missing');

// Sorted by content first, so that nothing of the source's order (creation-day bursts) survives the shuffle.
const rows = Array.from({ length: table.nRows }, (_, i) => i);
rows.sort((a, b) => {
  for (const column of values) if (column[a] !== column[b]) return column[a] - column[b];
  return 0;
});
shuffle(rows, createRng(20200819).split('trust-accounts'));

const writer = await tableWriter(
  output,
  columns.map(([, name, type]) => ({ name, type })),
);
await writer.write(
  Table.fromColumns(
    Object.fromEntries(
      columns.map(([, name, type], j) => [
        name,
        {
          type: type === 'boolean' ? 'boolean' : 'number',
          values: Float64Array.from(rows, (i) => values[j][i]),
        },
      ]),
    ),
  ),
);
await writer.close();
process.stdout.write(`${output}: ${rows.length} rows\n`);
