// The table that is read, and a statement that reads it.
const schema = 'kol_trino_bench';
const rows = 1_000_000;

/** Runs a statement of the protocol to its end. */
async function run(url, user, sql) {
  const headers = { 'X-Trino-User': user, 'X-Trino-Catalog': 'iceberg' };
  let answer = await (await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql })).json();
  const data = [];
  for (;;) {
    if (answer.error) throw new Error(answer.error.message);
    data.push(...(answer.data ?? []));
    if (answer.nextUri === undefined) return data;
    answer = await (await fetch(answer.nextUri, { headers })).json();
  }
}

/** Makes the table where it is not there yet. */
export async function makeTable(url, user) {
  const doubles = Array.from(
    { length: 20 },
    (_, k) => `sin(i * 0.37${k} + ${k}) * power(10, i % 5) AS d${k}`,
  );
  const integers = Array.from({ length: 5 }, (_, k) => `(i * 2654435761 * ${k + 1}) % 1000000007 AS n${k}`);
  const others = [
    "'kol_' || CAST(i % 50000 AS varchar) AS account",
    "'bài đăng số ' || CAST(i AS varchar) || ' #sale' AS caption",
    "TIMESTAMP '2024-01-01 00:00:00.000000' + i * INTERVAL '1.234' SECOND AS posted_at",
    'i % 3 = 0 AS verified',
    "DATE '2024-01-01' + (i % 900) * INTERVAL '1' DAY AS day",
  ];
  await run(url, user, `CREATE SCHEMA IF NOT EXISTS ${schema} WITH (location = 's3://lakehouse/${schema}')`);
  await run(
    url,
    user,
    `CREATE TABLE IF NOT EXISTS ${schema}.pull AS SELECT ${[...doubles, ...integers, ...others].join(', ')} FROM
      (SELECT CAST((a - 1) * 10000 + b AS bigint) AS i FROM UNNEST(sequence(1, 100)) x(a) CROSS JOIN UNNEST(sequence(1, 10000)) y(b))`,
  );
  return { sql: `SELECT * FROM ${schema}.pull`, rows };
}

/** What the server says it is. */
export async function serverVersion(url) {
  return (await (await fetch(`${url}/v1/info`)).json()).nodeVersion.version;
}
