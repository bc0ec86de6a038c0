import { ConfigError } from '../../core/errors.js';
import {
  failed,
  ok,
  plainText,
  publicAddress,
  skipped,
  type Examination,
  type Finding,
  type Steps,
} from './check.js';
import { askHttp, redirectOf, type HttpAnswer } from './http-answer.js';

/** Where MLflow is, and as whom to speak to it. */
export interface MlflowAddress {
  /** MLFLOW_TRACKING_URI, which may hold user and password. */
  readonly trackingUri: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

type Ask = (path: string, init: RequestInit) => Promise<HttpAnswer>;

/** MLflow, then the database and the artifact store behind it. Its /health knows of neither. */
export function mlflow(address: MlflowAddress): Examination {
  const { trackingUri } = address;
  const isHttp = URL.canParse(trackingUri) && /^https?:$/.test(new URL(trackingUri).protocol);
  return {
    service: 'mlflow',
    location: publicAddress(trackingUri),
    mend: 'see the log of the MLflow server',
    *steps(): Steps {
      if (!isHttp) {
        yield {
          name: 'address',
          find: () =>
            // The text may hold a password, so it is not repeated.
            Promise.resolve(
              failed(
                'config',
                'MLFLOW_TRACKING_URI is no http address',
                'set it to the address of the server, such as http://mlflow:5000, or leave it out',
              ),
            ),
        };
        return;
      }
      const ask = asker(address);
      const alive = yield { name: 'health', find: (signal) => health(ask, signal) };
      if (alive.state !== 'ok') return;
      const admitted = yield { name: 'version', find: (signal) => version(ask, trackingUri, signal) };
      if (admitted.state !== 'ok') return;
      yield { name: 'experiments', find: (signal) => experiments(ask, trackingUri, signal) };
      yield { name: 'artifacts', find: (signal) => artifacts(ask, trackingUri, signal) };
    },
  };
}

/** Requests with the credentials, which fetch takes in a header only. */
function asker({ trackingUri, username, password, token }: MlflowAddress): Ask {
  const url = new URL(trackingUri);
  const user = username ?? decoded(url.username);
  const login = `${user}:${password ?? decoded(url.password)}`;
  const authorization =
    user !== '' ? `Basic ${Buffer.from(login).toString('base64')}` : token && `Bearer ${token}`;
  const base = publicAddress(trackingUri);
  return async (path, init) => {
    // What fetch says of such a header repeats it.
    if (authorization && !/^[\x20-\x7e]*$/.test(authorization))
      throw new ConfigError(
        'MLFLOW_TRACKING_TOKEN holds a line break or a character outside ASCII; set it anew',
      );
    return askHttp(base + path, {
      ...init,
      headers: {
        'content-type': 'application/json',
        ...(authorization && { authorization }),
      },
    });
  };
}

/** A part of an address; one that is encoded wrongly stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function health(ask: Ask, signal: AbortSignal): Promise<Finding> {
  const answer = await ask('/health', { signal });
  if (answer.status === 200) return ok('answers');
  const to = redirectOf(answer);
  if (to !== undefined)
    return failed('config', `redirects to ${to}`, 'set MLFLOW_TRACKING_URI to where it redirects');
  return failed(
    'service',
    `HTTP ${answer.status} to /health`,
    'check that MLFLOW_TRACKING_URI is the address of MLflow, with its path if it has one, and see its log',
  );
}

async function version(ask: Ask, trackingUri: string, signal: AbortSignal): Promise<Finding> {
  const answer = await ask('/version', { signal });
  if (answer.status === 200) return ok(`MLflow ${plainText(answer.text, 40)}`);
  return refusal(answer, trackingUri);
}

async function experiments(ask: Ask, trackingUri: string, signal: AbortSignal): Promise<Finding> {
  const body = JSON.stringify({ max_results: 1 });
  const answer = await ask('/api/2.0/mlflow/experiments/search', { method: 'POST', body, signal });
  if (answer.status === 200) return ok('can be read, so its database answers');
  if (answer.status === 503 || /OperationalError/.test(answer.text)) {
    return failed(
      'service',
      `its database does not answer (HTTP ${answer.status}${errorCode(answer)})`,
      'start PostgreSQL, or whatever --backend-store-uri of the MLflow server names; MLflow needs no restart',
    );
  }
  return refusal(answer, trackingUri);
}

async function artifacts(ask: Ask, trackingUri: string, signal: AbortSignal): Promise<Finding> {
  const answer = await ask('/api/2.0/mlflow-artifacts/artifacts?path=', { signal });
  if (answer.status === 200) return ok('can be listed, so its artifact store answers');
  if (/serving is disabled/i.test(answer.text))
    return skipped('not served by MLflow: clients go to the artifact store themselves');
  if (answer.status >= 500) {
    return failed(
      'service',
      `its artifact store does not answer (HTTP ${answer.status})`,
      'start MinIO, or whatever --artifacts-destination of the MLflow server names, and check its AWS_ credentials',
    );
  }
  return refusal(answer, trackingUri);
}

/** Why MLflow does not do what it was asked. */
function refusal(answer: HttpAnswer, trackingUri: string): Finding {
  const { status, text } = answer;
  if (status === 403 && /invalid host header/i.test(text)) {
    const { host } = new URL(trackingUri);
    return failed(
      'service',
      `it does not admit requests to ${host} (HTTP 403, Invalid Host header)`,
      `start mlflow server with --allowed-hosts "${host}" beside every other form that is used, ` +
        'each with its port (localhost:5000, 127.0.0.1:5000): the option replaces the default',
    );
  }
  if (status === 401) {
    return failed(
      'service',
      'it does not accept the login (HTTP 401)',
      'set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN',
    );
  }
  if (status === 403) {
    return failed(
      'service',
      `it forbids this (HTTP 403: ${plainText(text)})`,
      'ask for the right, or use another user',
    );
  }
  const what = /^\s*</.test(text) ? '' : `: ${plainText(text)}`;
  return failed('service', `HTTP ${status}${what}`, 'see the log of the MLflow server');
}

function errorCode({ text }: HttpAnswer): string {
  const code = /"error_code":\s*"(\w+)"/.exec(text)?.[1];
  return code === undefined ? '' : `, ${code}`;
}
