/** What is known of a request that brought no answer of the protocol. */
interface TransportFacts {
  /** HTTP status, where there was an answer at all. */
  readonly status?: number | undefined;
  /** Code of the network's error, such as `ECONNREFUSED`. */
  readonly code?: string | undefined;
  /** What the server asked to wait, in seconds. */
  readonly retryAfter?: number | undefined;
  /** Whether an answer came but made no sense. */
  readonly garbled?: boolean;
}

const passing = new Set([429, 502, 503, 504]);
const gone = new Set([404, 410]);

/** A request that brought no answer of the protocol; carries nothing of the request, which holds secrets. */
export class TransportError extends Error {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retryAfter: number | undefined;
  readonly #garbled: boolean;

  constructor(message: string, facts: TransportFacts = {}) {
    super(message);
    this.name = 'TransportError';
    this.status = facts.status;
    this.code = facts.code;
    this.retryAfter = facts.retryAfter;
    this.#garbled = facts.garbled ?? false;
  }

  /** What axios threw, without its request and response. */
  static from(error: unknown): TransportError {
    const { response, code, message } = error as {
      response?: { status: number; headers: Record<string, unknown>; data: unknown };
      code?: string;
      message?: string;
    };
    if (response === undefined || (response.status >= 200 && response.status < 300)) {
      return new TransportError(message ?? String(error), { code });
    }
    const retryAfter = Number(response.headers['retry-after']);
    return new TransportError(reasonOf(response), {
      status: response.status,
      retryAfter: Number.isFinite(retryAfter) && retryAfter >= 0 ? retryAfter : undefined,
    });
  }

  /** Whether the same request may well succeed a little later. */
  get isPassing(): boolean {
    if (this.status !== undefined) return passing.has(this.status);
    return this.#garbled || !this.isRefusedTrust;
  }

  /** Whether the server does not know the query any more, as after its restart. */
  get isGone(): boolean {
    return this.status !== undefined && gone.has(this.status);
  }

  /** Whether the server surely did not begin what it was asked. */
  get isUnheard(): boolean {
    return this.status === 429 || this.status === 503 || this.code === 'ECONNREFUSED';
  }

  /** Whether waiting cannot help: no such host, or a certificate that is not trusted. */
  get isRefusedTrust(): boolean {
    const { code } = this;
    return (
      code !== undefined &&
      (code === 'ENOTFOUND' ||
        code === 'EPROTO' ||
        /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/.test(code))
    );
  }
}

/** The start of an error's text, on one line. */
function reasonOf({
  status,
  headers,
  data,
}: {
  status: number;
  headers: Record<string, unknown>;
  data: unknown;
}): string {
  if (status >= 300 && status < 400) {
    const to = typeof headers.location === 'string' ? headers.location : '';
    return `redirects${URL.canParse(to) ? ` to ${new URL(to).origin}` : ''} (HTTP ${status})`;
  }
  const type = headers['content-type'];
  const isText = /json|plain/.test(typeof type === 'string' ? type : '');
  const text =
    isText && Buffer.isBuffer(data) ? data.toString('utf8', 0, 200).replace(/\s+/g, ' ').trim() : '';
  return `HTTP ${status}${text === '' ? '' : ` (${text})`}`;
}
