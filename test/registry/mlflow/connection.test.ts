import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectMlflow, type MlflowConnection } from '../../../src/registry/mlflow/connection.js';
import type { MlflowSettings } from '../../../src/registry/mlflow/settings.js';

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;
const open: { server: Server; mlflow: MlflowConnection }[] = [];
afterEach(async () => {
  for (const { server, mlflow } of open.splice(0)) {
    await mlflow.close();
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers as the test says, and a connection to it. */
async function connected(answer: Answer, more: Partial<MlflowSettings> = {}) {
  const seen: { method: string; url: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    request.resume().on('end', () => answer(request, response, seen.length));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const trackingUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const mlflow = connectMlflow({ trackingUri, firstPause: 0.001, timeout: 5, ...more });
  open.push({ server, mlflow });
  return { mlflow, seen };
}

const answering =
  (status: number, text: string, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(text);

/** That status so often, then `{}`. */
const passing =
  (status: number, times: number, headers: Record<string, string> = {}): Answer =>
  (_, response, count) =>
    void (count <= times ? response.writeHead(status, headers).end('no') : response.end('{}'));

describe('a call', () => {
  it.each([408, 429, 500, 502, 503, 504])('is made again after %i', async (status) => {
    const { mlflow, seen } = await connected(passing(status, 3));
    expect(await mlflow.call('POST', 'runs/update', { body: { a: 1 } })).toEqual({});
    expect(seen).toHaveLength(4);
  });

  it.each([400, 401, 403, 404, 409, 501, 505])('is not made again after %i', async (status) => {
    const { mlflow, seen } = await connected(answering(status, '{"error_code":"X","message":"y"}'));
    await expect(mlflow.call('GET', 'runs/get')).rejects.toMatchObject({ status });
    expect(seen).toHaveLength(1);
  });

  it('that makes something new is not made again once the server may have acted', async () => {
    for (const status of [500, 503]) {
      const { mlflow, seen } = await connected(answering(status, 'no'));
      const making = mlflow.call('POST', 'runs/create', { body: {}, repeatable: false });
      await expect(making).rejects.toMatchObject({ status, mayHaveActed: true });
      expect(seen).toHaveLength(1);
    }
    const cut = await connected((request) => request.socket.destroy());
    const making = cut.mlflow.call('POST', 'runs/create', { body: {}, repeatable: false });
    await expect(making).rejects.toMatchObject({ status: 0, mayHaveActed: true });
    expect(cut.seen).toHaveLength(1);
    const busy = await connected(passing(429, 2));
    await busy.mlflow.call('POST', 'runs/create', { body: {}, repeatable: false });
    expect(busy.seen).toHaveLength(3);
  });

  it('is made again where its answer breaks off, and as often as is allowed', async () => {
    const { mlflow, seen } = await connected((_, response, count) => {
      if (count > 1) response.end('{"run": 1}');
      else response.writeHead(200, { 'content-length': '100' }).write('{"run"', () => response.destroy());
    });
    expect(await mlflow.call('GET', 'runs/get')).toEqual({ run: 1 });
    expect(seen).toHaveLength(2);
    const down = await connected(answering(500, 'no'), { maxRetries: 2 });
    await expect(down.mlflow.call('GET', 'runs/get')).rejects.toMatchObject({ status: 500 });
    expect(down.seen).toHaveLength(3);
  });

  it('ends when told, in a pause and in a request', async () => {
    const slow = await connected(answering(503, 'no'), { firstPause: 60 });
    const silent = await connected(() => undefined);
    for (const { mlflow, seen } of [slow, silent]) {
      const stop = new AbortController();
      const asking = mlflow.call('GET', 'runs/get', { signal: stop.signal });
      const watch = setInterval(() => seen.length > 0 && stop.abort(), 5);
      await expect(asking).rejects.toMatchObject({ code: 'interrupted' });
      clearInterval(watch);
    }
  });

  it('shows who asks, and no Origin', async () => {
    const cases = [
      [{ username: 'kol', password: 'a:b' }, `Basic ${Buffer.from('kol:a:b').toString('base64')}`],
      [{ token: 'abc' }, 'Bearer abc'],
      [{}, undefined],
    ] as const;
    for (const [login, header] of cases) {
      const { mlflow, seen } = await connected(answering(200, '{}'), login);
      await mlflow.call('POST', 'runs/search', { body: {} });
      expect(seen[0].headers.authorization).toBe(header);
      expect(seen[0].headers.origin).toBeUndefined();
      expect(seen[0].headers['content-type']).toBe('application/json');
    }
  });
});

describe('a refusal', () => {
  const host = 'Invalid Host header - possible DNS rebinding attack detected';
  it.each([
    [403, host, /--allowed-hosts "127\.0\.0\.1:\d+"/],
    [403, 'Cross-origin request blocked', /--cors-allowed-origins/],
    [403, 'Permission denied', /forbids GET .*Permission denied.*ask for the right/],
    [401, '<html>', /MLFLOW_TRACKING_USERNAME/],
    [404, '<html>not here</html>', /check that MLFLOW_TRACKING_URI is the address of an MLflow server/],
    [503, '{"detail":"Artifact serving is disabled. Run …"}', /start mlflow server with --serve-artifacts/],
    [400, '{"error_code":"INVALID_PARAMETER_VALUE","message":"bad\\nname"}', /HTTP 400: bad name/],
  ])('of %i %s says how to mend it', async (status, text, words) => {
    const { mlflow, seen } = await connected(answering(status, text));
    await expect(mlflow.call('GET', 'runs/get')).rejects.toThrow(words);
    expect(seen).toHaveLength(1);
  });

  it('by a redirect is not followed', async () => {
    const { mlflow } = await connected(
      answering(302, '', { location: 'https://login.example.org/x?token=1' }),
    );
    await expect(mlflow.call('GET', 'runs/get')).rejects.toThrow(
      /redirects to https:\/\/login\.example\.org;/,
    );
  });

  it('repeats no secret', async () => {
    const { mlflow } = await connected(answering(400, 'no'), { token: 'hidden-word' });
    await expect(mlflow.call('GET', 'x')).rejects.not.toThrow('hidden-word');
    expect(() => connectMlflow({ trackingUri: 'sqlite:///hidden-word' })).toThrow(/is no http address/);
    expect(() => connectMlflow({ trackingUri: 'http://h', token: 'hidden\nword' })).toThrow(/line break/);
  });

  it('for want of a server names the address and is quick', async () => {
    const mlflow = connectMlflow({ trackingUri: 'http://127.0.0.1:9', firstPause: 0.001 });
    await expect(mlflow.call('GET', 'runs/get')).rejects.toThrow(
      'MLflow at http://127.0.0.1:9 cannot be reached (GET /api/2.0/mlflow/runs/get): nothing listens there; start it',
    );
    await mlflow.close();
  });
});
