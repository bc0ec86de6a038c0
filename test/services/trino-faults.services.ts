import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InterruptedError, ServiceError } from '../../src/core/errors.js';
import { tableDigest } from '../../src/core/table-digest.js';
import { readAll } from '../../src/sources/table-source.js';
import { startFaultProxy, type FaultProxy, type Passage } from './fault-proxy.js';
import { readText, source, trinoUrl } from './trino-session.js';

/** Eleven megabytes in about ten pages, every row told apart by the order. */
const sql = `SELECT orderkey, custkey, totalprice, orderdate, orderstatus, clerk, comment
  FROM tpch.sf1.orders WHERE orderkey < 400000 ORDER BY orderkey`;
const query = { sql: () => sql };
const quick = { firstPause: 0.05, longestPause: 0.5 };

let proxy: FaultProxy;
let whole: string;

beforeAll(async () => {
  proxy = await startFaultProxy(trinoUrl);
  whole = tableDigest(await readAll(await source(), query));
});
afterAll(() => proxy.close());

/** Counts pages from the beginning of a test. */
function pages(): (passage: Passage) => number {
  let seen = 0;
  return ({ isPage }) => (isPage ? ++seen : 0);
}

/** Reads through the proxy and expects the whole table. */
async function readsWhole(fault: FaultProxy['fault']): Promise<readonly string[]> {
  proxy.fault = fault;
  const lake = await source(proxy.url, {}, quick);
  expect(tableDigest(await readAll(lake, query))).toBe(whole);
  return lake.told;
}

describe('a table comes whole', () => {
  it('from a coordinator that is slow', async () => {
    const page = pages();
    expect(await readsWhole((passage) => (page(passage) === 3 ? { delay: 30 } : { delay: 0.02 }))).toEqual(
      [],
    );
  });

  it('through storms of 503', async () => {
    const told = await readsWhole(({ index }) => (index % 5 < 3 ? { status: 503 } : undefined));
    expect(told.length).toBeGreaterThan(5);
    expect(told[0]).toMatch(/^trino: HTTP 503; trying again in 0\.\d s \(1 of 8\)$/);
  });

  it('when the server asks to be left alone for a while', async () => {
    const page = pages();
    const told = await readsWhole((passage) =>
      page(passage) === 2 ? { status: 429, headers: { 'Retry-After': '1' } } : undefined,
    );
    expect(told).toEqual(['trino: HTTP 429; trying again in 1.0 s (1 of 8)']);
  });

  it.each([0, 1, 1000, 200_000])('when connections break after %i bytes of a page', async (cutAfter) => {
    const page = pages();
    const told = await readsWhole((passage) => (page(passage) % 3 === 2 ? { cutAfter } : undefined));
    expect(told.length).toBeGreaterThan(1);
  });

  it('when the coordinator loses the query half-way', async () => {
    const page = pages();
    let lost = false;
    // As after a restart: refused first, unknown then; the new query passes.
    const told = await readsWhole((passage) => {
      const seen = page(passage);
      if (lost || seen < 5) return undefined;
      lost = seen === 8;
      return lost ? { status: 404 } : { cutAfter: 0 };
    });
    expect(told.at(-1)).toMatch(/does not know query .* any more.*trying again/);
  });
});

describe('a table does not come in part', () => {
  it('when the coordinator stays away', async () => {
    const page = pages();
    let away = false;
    proxy.fault = (passage) => {
      away ||= page(passage) === 4;
      return away ? { cutAfter: 0 } : undefined;
    };
    const lake = await source(proxy.url, {}, { ...quick, attempts: 4 });
    const failed = readAll(lake, query);
    await expect(failed).rejects.toThrow(ServiceError);
    await expect(failed).rejects.toThrow(/could not be reached: .*check that it runs/);
  });

  it('when its rows come in another order after a loss', async () => {
    const page = pages();
    let lost = false;
    proxy.fault = (passage) => {
      // Behind the pages without rows that come while the server sorts, well before the last one.
      if (lost || page(passage) < 30) return undefined;
      lost = true;
      return { status: 404 };
    };
    const lake = await source(proxy.url, {}, quick);
    const shuffled = {
      sql: () => `SELECT orderkey, comment FROM tpch.sf1.orders WHERE orderkey < 4000000 ORDER BY random()`,
    };
    await expect(readAll(lake, shuffled)).rejects.toThrow(/the same in another order.*ORDER BY/);
  });

  it('when the query needs more memory than it may take', async () => {
    const lake = await source(trinoUrl, { session: { query_max_memory_per_node: '1MB' } }, quick);
    const failed = readAll(lake, query);
    await expect(failed).rejects.toThrow(ServiceError);
    await expect(failed).rejects.toThrow(
      /needs more than the server gives it \(query \w+, EXCEEDED_\w*MEMORY_LIMIT\).*read fewer rows/,
    );
    expect(lake.told).toEqual([]);
  });

  it('when the server runs into its time limit', async () => {
    const lake = await source(trinoUrl, { session: { query_max_run_time: '1ms' } }, quick);
    await expect(readAll(lake, query)).rejects.toThrow(/EXCEEDED_TIME_LIMIT/);
  });
});

describe('stopping', () => {
  /** What became of a query on the server. */
  const endOf = (id: string) =>
    readText(
      `SELECT state || ' ' || coalesce(error_code, '') FROM system.runtime.queries WHERE query_id = '${id}'`,
    );

  it.each(['while rows come', 'while the server works'])('ends the query on the server, %s', async (when) => {
    const abort = new AbortController();
    const lake = await source();
    let id = '';
    const long =
      when === 'while rows come'
        ? 'SELECT * FROM tpch.sf1.lineitem'
        : 'SELECT max(a.comment || b.comment) AS m FROM tpch.sf1.lineitem a CROSS JOIN tpch.sf1.lineitem b';
    const onRun = (run: { queryId?: string }) => {
      id = run.queryId ?? '';
      setTimeout(() => abort.abort(), 1000);
    };
    const reading = (async () => {
      for await (const batch of lake.read({ sql: () => long }, { signal: abort.signal, onRun }))
        expect(batch.nRows).toBeGreaterThan(0);
    })();
    await expect(reading).rejects.toThrow(InterruptedError);
    expect(await endOf(id)).toBe('FAILED USER_CANCELED');
  });

  it('ends the query when its reader wants no more', async () => {
    const lake = await source();
    let id = '';
    const onRun = (run: { queryId?: string }) => (id = run.queryId ?? '');
    for await (const batch of lake.read({ sql: () => 'SELECT * FROM tpch.sf1.lineitem' }, { onRun })) {
      expect(batch.nRows).toBe(16_384);
      break;
    }
    expect(await endOf(id)).toBe('FAILED USER_CANCELED');
  });
});
