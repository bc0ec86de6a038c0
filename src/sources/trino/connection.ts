import { checkTrinoSettings } from './settings.js';
import type { CheckedSettings, TrinoSettings } from './settings.js';
import { TransportError } from './transport-error.js';

/** A column as Trino declares it. */
export interface TrinoColumn {
  readonly name: string;
  readonly type: string;
}

/** One answer of the statement protocol. */
export interface StatementAnswer {
  readonly id: string;
  /** Where the next answer is; the statement has ended when there is none. */
  readonly nextUri?: string;
  readonly columns?: readonly TrinoColumn[];
  readonly data?: readonly (readonly unknown[])[];
  readonly updateCount?: number;
  readonly error?: {
    readonly message: string;
    readonly errorName: string;
    readonly errorType: string;
  };
}

/** An answer that came whole but was not parsed yet. */
export interface UnreadAnswer {
  /** Where the next answer is, as far as that is seen without parsing. */
  readonly nextUri: string | undefined;
  /** @throws {TransportError} when it is no answer of the protocol after all */
  parse(): StatementAnswer;
}

/** Single requests of the statement protocol. Each throws `TransportError` for all that is no answer of it. */
export interface TrinoConnection {
  readonly settings: CheckedSettings;
  post(sql: string, signal?: AbortSignal): Promise<UnreadAnswer>;
  get(uri: string, signal?: AbortSignal): Promise<UnreadAnswer>;
  remove(uri: string, signal?: AbortSignal): Promise<void>;
}

/** The part of trino-client that its types keep private: one request, with what axios takes. */
interface InnerClient {
  request(config: {
    readonly method: string;
    readonly url: string;
    readonly data: string | undefined;
    readonly signal?: AbortSignal;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeout: number;
    readonly maxRedirects: number;
    readonly proxy: false;
    readonly responseType: 'arraybuffer';
    readonly transformResponse: readonly ((body: unknown) => unknown)[];
  }): Promise<Buffer>;
}

/**
 * A connection over trino-client. The package gives its requests neither an AbortSignal nor a timeout, so they are
 * made through its inner client, which passes them on to axios; its version is pinned exactly.
 * @throws {ConfigError} for settings that cannot work
 */
export async function connectTrino(given: TrinoSettings): Promise<TrinoConnection> {
  const settings = checkTrinoSettings(given);
  const { Trino } = await import('trino-client');

  const trino = Trino.create({
    server: settings.url,
    catalog: settings.catalog,
    // The type leaves out what the agent behind it takes: without keepAlive every page would shake hands anew.
    ssl: Object.assign(settings.ca === undefined ? {} : { ca: settings.ca }, { keepAlive: true }),
    extraHeaders: { ...settings.headers },
  });
  const { client } = trino as unknown as { readonly client: InnerClient };

  async function request(
    method: string,
    url: string,
    signal: AbortSignal | undefined,
    data?: string,
  ): Promise<Buffer> {
    try {
      return await client.request({
        method,
        url,
        data,
        ...(signal && { signal }),
        headers: {
          'Content-Type': 'text/plain; charset=utf-8',
          'Accept-Encoding': settings.compression ? 'gzip' : 'identity',
        },
        timeout: settings.silence * 1000,
        // Credentials go to the address that was named, and nowhere else.
        maxRedirects: 0,
        proxy: false,
        // A text that is no JSON would come as an empty result otherwise.
        responseType: 'arraybuffer',
        transformResponse: [(body: unknown) => body],
      });
    } catch (error) {
      throw TransportError.from(error);
    }
  }

  return {
    settings,
    post: async (sql, signal) => unread(await request('POST', '/v1/statement', signal, sql)),
    get: async (uri, signal) => unread(await request('GET', onServer(settings.url, uri), signal)),
    remove: async (uri, signal) => {
      await request('DELETE', onServer(settings.url, uri), signal);
    },
  };
}

/**
 * The path of `uri` at the address that the settings name. A server behind a proxy may not know how it is reached,
 * and credentials must not follow an address out of an answer.
 */
export function onServer(url: string, uri: string): string {
  const base = new URL(url);
  const { pathname, search } = new URL(uri, url);
  const prefix = base.pathname.replace(/\/+$/, '');
  const path = prefix === '' || pathname.startsWith(`${prefix}/`) ? pathname : prefix + pathname;
  return base.origin + path + search;
}

/** Trino writes the address of the next answer before columns and data. */
const head = /^\{"id":"[^"\\]*","infoUri":"[^"\\]*",(?:"partialCancelUri":"[^"\\]*",)?"nextUri":"([^"\\]+)",/;

/** Refuses at once what cannot be JSON, so that it is asked for again while the server has it still. */
function unread(body: Buffer): UnreadAnswer {
  const end = body.toString('latin1', Math.max(0, body.length - 8)).trimEnd();
  const begin = body.toString('latin1', 0, 2048);
  if (!begin.startsWith('{') || !end.endsWith('}')) {
    throw new TransportError('answered with something that is not JSON', { garbled: true });
  }
  return { nextUri: head.exec(begin)?.[1], parse: () => parseAnswer(body) };
}

function parseAnswer(body: Buffer): StatementAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    throw new TransportError('answered with something that is not JSON', { garbled: true });
  }
  if (typeof answer !== 'object' || answer === null || typeof (answer as { id?: unknown }).id !== 'string') {
    throw new TransportError('answered with something that is not Trino’s statement protocol', {
      garbled: true,
    });
  }
  const { data } = answer as { data?: unknown };
  if (data !== undefined && data !== null && !Array.isArray(data)) {
    throw new TransportError('sent rows in an encoding that was not asked for', { garbled: true });
  }
  return answer as StatementAnswer;
}
