import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { InterruptedError, ServiceError } from '../../../src/core/errors.js';
import { createRng } from '../../../src/core/rng.js';
import { Table } from '../../../src/core/table.js';
import { connectTrino } from '../../../src/sources/trino/connection.js';
import { trinoLakehouse } from '../../../src/sources/trino/lakehouse.js';
import { createRetries, type Clock, type RetryOptions } from '../../../src/sources/trino/retry.js';
import { executeStatement } from '../../../src/sources/trino/statement.js';

/**
 * What a real server does not do when asked to: this one speaks just enough of the protocol to give the answers of
 * its script in turn. Everything else is tested against a real Trino in test/services.
 */
type Step = (request: IncomingMessage, response: ServerResponse) => void;

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function serve(steps: readonly Step[]): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  let at = 0;
  const server = createServer((request, response) => {
    request.resume();
    seen.push(`${request.method} ${request.url}`);
    if (request.method === 'DELETE') response.writeHead(204).end();
    else if (at < steps.length) steps[at++](request, response);
    else response.writeHead(500).end('the script has ended');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const columns = [{ name: 'n', type: 'integer' }];
const status =
  (code: number, headers: Record<string, string> = {}, text = ''): Step =>
  (_, response) =>
    response.writeHead(code, headers).end(text);
const answer =
  (id: string, next: number | undefined, rows?: readonly number[], error?: object): Step =>
  (_, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(
      JSON.stringify({
        id,
        // An address that cannot be reached: only its path may be used.
        ...(next !== undefined && { nextUri: `http://192.0.2.1:1/v1/statement/executing/${id}/${next}` }),
        ...(rows && { columns, data: rows.map((n) => [n]) }),
        ...(error && { error }),
      }),
    );

/** A clock on which waiting takes no time. */
function quickClock(): Clock & { readonly pauses: number[] } {
  let time = 0;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => time,
    wait: (seconds, signal) => {
      pauses.push(seconds);
      time += seconds;
      return signal?.aborted ? Promise.reject(new Error('aborted')) : Promise.resolve();
    },
  };
}

const quick = (): RetryOptions => ({ clock: quickClock(), rng: createRng(1) });
const settings = (url: string) => ({ url, user: 'ana', timeouts: { cancel: 1 } });

async function read(url: string, retry: RetryOptions = quick()): Promise<number[]> {
  const source = await trinoLakehouse(settings(url), { retry });
  const batches: Table[] = [];
  for await (const batch of source.read({ sql: () => 'SELECT n FROM t' })) batches.push(batch);
  return [...Table.numbers(Table.concat(batches), 'n')];
}

const rowsFrom = (start: number, count: number) => Array.from({ length: count }, (_, i) => start + i);

describe('passing failures', () => {
  it('are waited out, as long as the server asks', async () => {
    const { url, seen } = await serve([
      status(429, { 'Retry-After': '7' }),
      answer('a', 1),
      status(503),
      status(502, {}, '<html>'),
      answer('a', 2, [1, 2]),
      status(200, {}, '<html>a proxy’s page</html>'),
      answer('a', undefined, [3]),
    ]);
    const clock = quickClock();
    const told: string[] = [];
    expect(await read(url, { clock, rng: createRng(1), onRetry: (message) => told.push(message) })).toEqual([
      1, 2, 3,
    ]);
    expect(seen.filter((line) => line.startsWith('POST'))).toHaveLength(2);
    expect(clock.pauses[0]).toBe(7);
    expect(told).toHaveLength(4);
    expect(told[0]).toMatch(/HTTP 429.*trying again in 7\.0 s/);
  });

  it('end the reading when they do not end', async () => {
    const { url, seen } = await serve([answer('a', 1), ...Array.from({ length: 100 }, () => status(503))]);
    await expect(read(url, { ...quick(), attempts: 3 })).rejects.toThrow(
      /could not be reached: HTTP 503; check that it runs/,
    );
    // Three for the page, three to run the query again, and the attempt to cancel what may still run.
    expect(seen).toHaveLength(1 + 3 + 1 + 3);
  });

  it('are waited out while the server starts, statements that change something included', async () => {
    const starting = {
      errorName: 'SERVER_STARTING_UP',
      errorType: 'INTERNAL_ERROR',
      message: 'still initializing',
    };
    const { url, seen } = await serve([
      ...rowsFrom(0, 7).map((n) => answer(`q${n}`, undefined, undefined, starting)),
      answer('z', undefined, [5]),
    ]);
    const connection = await connectTrino(settings(url));
    expect(await executeStatement(connection, 'INSERT INTO t VALUES 1', { retry: quick() })).toEqual({
      queryId: 'z',
    });
    expect(seen).toHaveLength(8);
  });

  it('do not send a statement again that the server may have begun', async () => {
    const { url, seen } = await serve([status(502), answer('a', undefined)]);
    const connection = await connectTrino(settings(url));
    await expect(executeStatement(connection, 'INSERT INTO t VALUES 1', { retry: quick() })).rejects.toThrow(
      ServiceError,
    );
    expect(seen).toHaveLength(1);
  });
});

describe('a lost query', () => {
  const first = rowsFrom(0, 20_000);

  it('is run again without a row missing or doubled', async () => {
    const { url } = await serve([
      answer('a', 1),
      answer('a', 2, first),
      status(404),
      answer('b', 1),
      answer('b', 2, first.slice(0, 9000)),
      answer('b', 3, first.slice(9000)),
      answer('b', undefined, rowsFrom(20_000, 5)),
    ]);
    expect(await read(url)).toEqual(rowsFrom(0, 20_005));
  });

  it.each([
    ['come in another order', [...first.slice(1), 0]],
    ['are fewer', first.slice(0, 100)],
  ])('is refused when its rows %s', async (_, again) => {
    const { url } = await serve([
      answer('a', 1),
      answer('a', 2, first),
      status(410),
      answer('b', 1),
      answer('b', undefined, again),
    ]);
    await expect(read(url)).rejects.toThrow(/held other rows or the same in another order.*ORDER BY/);
  });

  it('is given up after some runs', async () => {
    const down = { errorName: 'SERVER_SHUTTING_DOWN', errorType: 'INTERNAL_ERROR', message: 'bye' };
    const { url, seen } = await serve(
      Array.from({ length: 20 }, (_, i) => answer(`q${i}`, undefined, undefined, down)),
    );
    await expect(read(url)).rejects.toThrow(/query q4, SERVER_SHUTTING_DOWN/);
    expect(seen).toHaveLength(5);
  });
});

describe('what is not waited for', () => {
  it.each([
    [
      'a redirect',
      status(307, { Location: 'http://192.0.2.1/v1/statement' }),
      /redirects to http:\/\/192\.0\.2\.1/,
    ],
    [
      'a refusal',
      status(401, { 'Content-Type': 'text/plain' }, 'expired'),
      /password or token: HTTP 401 \(expired\)/,
    ],
    ['an address of something else', status(404), /refused the request: HTTP 404/],
  ])('%s', async (_, step, text) => {
    const { url, seen } = await serve([step]);
    await expect(read(url)).rejects.toThrow(text);
    expect(seen).toHaveLength(1);
  });
});

describe('stopping', () => {
  it('cancels the query when the caller wants no more', async () => {
    const { url, seen } = await serve([
      answer('a', 1),
      answer('a', 2, rowsFrom(0, 20_000)),
      answer('a', 3, [1]),
    ]);
    const source = await trinoLakehouse(settings(url), { retry: quick() });
    for await (const batch of source.read({ sql: () => 'SELECT n FROM t' })) {
      expect(batch.nRows).toBe(16_384);
      break;
    }
    expect(seen.filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE /v1/statement/executing/a/2']);
  });

  it('cancels a query whose id comes after the abort', async () => {
    const abort = new AbortController();
    const { url, seen } = await serve([
      (request, response) => {
        abort.abort();
        setTimeout(() => answer('a', 1)(request, response), 50);
      },
    ]);
    const source = await trinoLakehouse(settings(url), { retry: quick() });
    const reading = source.read({ sql: () => 'SELECT n FROM t' }, { signal: abort.signal });
    await expect(reading[Symbol.asyncIterator]().next()).rejects.toThrow(InterruptedError);
    expect(seen).toEqual(['POST /v1/statement', 'DELETE /v1/statement/executing/a/1']);
  });

  it('does not wait for a server that is silent', async () => {
    const abort = new AbortController();
    const { url } = await serve([
      answer('a', 1),
      () => {
        abort.abort();
      },
    ]);
    const source = await trinoLakehouse(settings(url), { retry: quick() });
    const reading = source.read({ sql: () => 'SELECT n FROM t' }, { signal: abort.signal });
    await expect(reading[Symbol.asyncIterator]().next()).rejects.toThrow(InterruptedError);
  });
});

describe('createRetries', () => {
  it('doubles its pauses up to the longest, in a total', async () => {
    const clock = quickClock();
    const retries = createRetries({
      clock,
      rng: createRng(3),
      attempts: 99,
      firstPause: 1,
      longestPause: 10,
      totalSeconds: 60,
    });
    while (await retries.again('no', undefined));
    const longest = [1, 2, 4, 8, 10, 10, 10, 10, 10, 10, 10];
    expect(clock.pauses.length).toBeGreaterThan(5);
    clock.pauses.forEach((pause, k) => {
      expect(pause).toBeLessThanOrEqual(longest[k]);
      expect(pause).toBeGreaterThanOrEqual(longest[k] / 2);
    });
    expect(clock.now()).toBeLessThanOrEqual(60);
  });

  it('starts anew once something went on', async () => {
    const retries = createRetries({ ...quick(), attempts: 2 });
    expect(await retries.again('no', undefined)).toBe(true);
    retries.progressed();
    expect(await retries.again('no', undefined)).toBe(true);
    expect(await retries.again('no', undefined)).toBe(false);
  });
});
