import { ServiceError } from '../../core/errors.js';

/** An answer over HTTP with the start of its text. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Longest text that is looked at, in characters. */
const longestText = 65_536;

/**
 * Asks once and follows no redirect, which could carry credentials elsewhere.
 * @throws {ServiceError} when there is no answer over HTTP
 */
export async function askHttp(
  url: string,
  init: RequestInit,
  fetcher: (url: string, init: RequestInit) => Promise<Response> = fetch,
): Promise<HttpAnswer> {
  try {
    const answer = await fetcher(url, { ...init, redirect: 'manual' });
    return { status: answer.status, headers: answer.headers, text: await startOf(answer) };
  } catch (error) {
    const [reason, mend] = explain(error);
    throw new ServiceError(`${new URL(url).origin} cannot be reached: ${reason}; ${mend}`);
  }
}

/** Where an answer sends to, for people; without what could be secret in it. */
export function redirectOf({ status, headers }: HttpAnswer): string | undefined {
  if (status < 300 || status >= 400) return undefined;
  const to = headers.get('location') ?? '';
  return URL.canParse(to) ? new URL(to).origin : 'another address';
}

async function startOf(answer: Response): Promise<string> {
  if (answer.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > longestText) break;
  }
  return text;
}

/** fetch itself says only that it failed. */
function explain(error: unknown): readonly [reason: string, mend: string] {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  const code = cause?.code ?? '';
  if (code === 'ECONNREFUSED') return ['nothing listens there', 'start it, or correct host and port'];
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return ['the name of the host is not known here', 'correct the host'];
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return [
      `its certificate is not trusted (${code})`,
      'name the authority that signed it in NODE_EXTRA_CA_CERTS',
    ];
  if (/SSL|EPROTO|HPE_/.test(code))
    return [`what listens there speaks otherwise (${code})`, 'check http or https, and the port'];
  if (cause?.message === 'bad port') return ['fetch refuses this port', 'use another port'];
  return [code || cause?.message || (error as Error).message, 'check that it runs and the address is right'];
}
