// Keeps every 30th account of a lakehouse, and copies those to a file to score.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [lakehouse, accounts] = process.argv.slice(2);
const table = join(lakehouse, 'kol_gold', 'ml_trust_training', 'part-00000.parquet');
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(
  `COPY (SELECT * FROM '${table}' WHERE CAST(right(kol_id, 6) AS INT) % 30 = 0) TO '${table}.new' (FORMAT parquet)`,
);
renameSync(`${table}.new`, table);
await connection.run(`COPY (SELECT * FROM '${table}') TO '${accounts}' (FORMAT parquet)`);
connection.closeSync();
