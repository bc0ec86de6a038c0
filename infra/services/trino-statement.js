/**
 * Runs one statement without a login and returns its rows: all that the probes and tests of the services ask for.
 * @param {string} url
 * @param {string} sql
 * @returns {Promise<unknown[][]>}
 */
export async function runStatement(url, sql) {
  const options = { headers: { 'X-Trino-User': 'services' }, signal: AbortSignal.timeout(120_000) };
  let response = await fetch(`${url}/v1/statement`, { ...options, method: 'POST', body: sql });
  const rows = [];
  for (;;) {
    if (!response.ok)
      throw new Error(`Trino answers ${response.status} ${(await response.text()).slice(0, 200)}`);
    const { data, error, nextUri } = await response.json();
    if (error) throw new Error(`${error.errorName}: ${error.message}`);
    if (data) rows.push(...data);
    if (nextUri === undefined) return rows;
    response = await fetch(nextUri, options);
  }
}
