import { request as forward, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to one request on its way. */
export interface Fault {
  /** Seconds before it goes on. */
  readonly delay?: number;
  /** Answered in the server's stead. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection breaks after so many bytes of the answer's body; before the answer with 0. */
  readonly cutAfter?: number;
  /** The server does it and answers, but nothing of that arrives. */
  readonly dropAnswer?: boolean;
}

export interface Passage {
  readonly method: string;
  readonly path: string;
  /** How many requests there were before it. */
  readonly index: number;
  /** Whether it asks for a page of a query that runs. */
  readonly isPage: boolean;
}

/** A door before a server, behind which requests fail as the test says. It changes no byte that it lets through. */
export interface FaultProxy {
  readonly url: string;
  /** What happens to a request; nothing when it gives undefined. */
  fault: (passage: Passage) => Fault | undefined;
  readonly passages: readonly Passage[];
  close(): Promise<void>;
}

/** Opens a door before `target` (http://host:port). */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const passages: Passage[] = [];
  const { hostname, port } = new URL(target);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request;
    const isPage = method === 'GET' && path.startsWith('/v1/statement/executing/');
    const passage = { method, path, index: passages.length, isPage };
    passages.push(passage);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { delay = 0, status, headers, cutAfter, dropAnswer } = proxy.fault(passage) ?? {};
    if (delay > 0) await sleep(delay * 1000);
    if (status !== undefined) {
      response.writeHead(status, headers).end();
      return;
    }
    if (cutAfter === 0) {
      request.socket.resetAndDestroy();
      return;
    }
    const onward = forward(
      { hostname, port, method, path, headers: { ...request.headers, host: `${hostname}:${port}` } },
      (answer) => {
        if (dropAnswer) {
          answer.resume().on('end', () => request.socket.resetAndDestroy());
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (cutAfter === undefined) {
          answer.pipe(response);
          return;
        }
        let left = cutAfter;
        answer.on('data', (chunk: Buffer) => {
          response.write(chunk.subarray(0, left));
          left -= chunk.length;
          // What was written first, so that the client sees the beginning of the page.
          if (left <= 0) setTimeout(() => request.socket.destroy(), 20);
        });
        answer.on('end', () => request.socket.destroy());
      },
    );
    onward.on('error', () => request.socket.destroy());
    onward.end(Buffer.concat(chunks));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: () => undefined,
    passages,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return proxy;
}
