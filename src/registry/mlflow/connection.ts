import { Agent, request, type Dispatcher } from 'undici';
import type { Readable } from 'node:stream';
import { InterruptedError, throwIfAborted } from '../../core/errors.js';
import { pauseBefore, retryAfter } from './pauses.js';
import type { MlflowError } from './refusal.js';
import { mayPass, refusalError, unreachableError } from './refusal.js';
import { trackingAddress, type MlflowSettings, type TrackingAddress } from './settings.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** What a body can be; one that is read only once is made anew for every attempt. */
export type Body = Uint8Array | string | (() => Readable);

/** A request as it goes out. */
export interface Ask {
  readonly method: Method;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Whether it may be sent again though the server may have acted on it. */
  readonly repeatable: boolean;
  /** Whether this is an address that is shown the login. */
  readonly withLogin: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** MLflow over HTTP. */
export interface MlflowConnection {
  readonly address: TrackingAddress;
  readonly settings: MlflowSettings;
  /**
   * One call of the REST interface; `path` such as `runs/create`, below /api/2.0/mlflow/.
   * A call is sent again where that can help; one that makes something new must say `repeatable: false`.
   * @returns the JSON of the answer, `{}` where it is empty
   * @throws {MlflowError} for a refusal, or when no answer comes after all attempts
   * @throws {InterruptedError} once `signal` is aborted
   */
  call(method: Method, path: string, options?: CallOptions): Promise<unknown>;
  /**
   * Sends any request, tries again where that can help, and gives the answer's body as it comes.
   * @throws {MlflowError} as `call` does
   */
  send(ask: Ask): Promise<Dispatcher.ResponseData>;
  /** Ends the connections. */
  close(): Promise<void>;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Default true. */
  readonly repeatable?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a door to MLflow; the first request goes out with the first call.
 * @param now milliseconds since 1970-01-01 UTC
 * @throws {ConfigError} for an address that is not http
 */
export function connectMlflow(settings: MlflowSettings, now: () => number = Date.now): MlflowConnection {
  const address = trackingAddress(settings);
  const { timeout = 120, maxRetries = 5, firstPause = 0.5, ca, insecureTls = false, onRetry } = settings;
  const dispatcher = new Agent({
    connect: { timeout: Math.min(timeout, 10) * 1_000, rejectUnauthorized: !insecureTls, ...(ca && { ca }) },
    headersTimeout: timeout * 1_000,
    bodyTimeout: timeout * 1_000,
    // Below the five seconds after which uvicorn closes, so that no request meets a connection that is ending.
    keepAliveTimeout: 2_000,
    connections: 4,
  });
  let answered = false;
  const serverName = (origin: string): string =>
    origin === address.origin ? `MLflow at ${address.base}` : `the artifact store at ${origin}`;

  async function attempt(ask: Ask): Promise<Dispatcher.ResponseData | { error: MlflowError; wait: number }> {
    const { method, url, headers = {}, body, withLogin, signal } = ask;
    const { pathname: path, host, origin } = new URL(url);
    const server = serverName(origin);
    try {
      const answer = await request(url, {
        dispatcher,
        method,
        headers: {
          ...headers,
          ...(withLogin && address.authorization && { authorization: address.authorization }),
        },
        ...(body !== undefined && { body: typeof body === 'function' ? body() : body }),
        ...(signal && { signal }),
      });
      answered = true;
      if (answer.statusCode < 300) return answer;
      const text = await answer.body.text();
      const location = answer.headers.location;
      const refused = {
        ...{ server, host, method, path, status: answer.statusCode, text },
        location: typeof location === 'string' ? location : undefined,
      };
      const again = mayPass(refused) && (ask.repeatable || answer.statusCode === 429);
      const wait = again ? retryAfter(answer.headers['retry-after'], now()) : -1;
      return { error: refusalError(refused), wait };
    } catch (error) {
      if (signal?.aborted) throw new InterruptedError(undefined, { cause: error });
      const unreachable = unreachableError(server, method, path, error);
      return { error: unreachable, wait: ask.repeatable || !unreachable.mayHaveActed ? 0 : -1 };
    }
  }

  async function send(ask: Ask): Promise<Dispatcher.ResponseData> {
    for (let tries = 1; ; tries++) {
      throwIfAborted(ask.signal);
      const outcome = await attempt(ask);
      if (!('error' in outcome)) return outcome;
      const { error, wait } = outcome;
      // A server that never answered is most likely not there: say so soon.
      const most = answered || error.mayHaveActed ? maxRetries : Math.min(maxRetries, 2);
      if (wait < 0 || tries > most) throw error;
      onRetry?.(`${error.message}; trying again (${tries} of ${most})`);
      await pauseBefore(tries, firstPause, ask.signal, wait);
    }
  }

  async function call(method: Method, path: string, options: CallOptions = {}): Promise<unknown> {
    const { query = {}, body, repeatable = true, signal } = options;
    const url = new URL(`${address.base}${path.startsWith('/') ? path : `/api/2.0/mlflow/${path}`}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const ask: Ask = {
      ...{ method, url: url.href, repeatable, withLogin: true, signal },
      headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    };
    for (let tries = 1; ; tries++) {
      const answer = await send(ask);
      try {
        const text = await answer.body.text();
        return text.trim() === '' ? {} : (JSON.parse(text) as unknown);
      } catch (error) {
        if (signal?.aborted) throw new InterruptedError(undefined, { cause: error });
        // The answer broke off, or is no JSON.
        const failure = unreachableError(serverName(url.origin), method, url.pathname, error);
        if (!repeatable || tries > maxRetries) throw failure;
        await pauseBefore(tries, firstPause, signal);
      }
    }
  }

  return Object.freeze({ address, settings, call, send, close: () => dispatcher.close() });
}
