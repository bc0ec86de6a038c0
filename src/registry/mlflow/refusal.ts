import { ServiceError } from '../../core/errors.js';

/** Why a request to MLflow failed, as far as a caller decides by it. */
export class MlflowError extends ServiceError {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** MLflow's own name of the failure, such as RESOURCE_DOES_NOT_EXIST; empty where it gave none. */
  readonly errorCode: string;
  /** Whether the server may have done what it was asked. */
  readonly mayHaveActed: boolean;

  constructor(
    message: string,
    facts: { readonly status: number; readonly errorCode?: string; readonly mayHaveActed?: boolean },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = facts.status;
    this.errorCode = facts.errorCode ?? '';
    this.mayHaveActed = facts.mayHaveActed ?? false;
  }
}

/** Whether an error is MLflow's answer with that status or name. */
export function isRefusal(error: unknown, ...kinds: readonly (number | string)[]): error is MlflowError {
  return (
    error instanceof MlflowError && kinds.some((kind) => kind === error.status || kind === error.errorCode)
  );
}

/** A refused request. */
export interface Refused {
  /** Who refused, such as `MLflow at http://mlflow:5000`. */
  readonly server: string;
  readonly host: string;
  readonly method: string;
  /** Without the query, which may hold names. */
  readonly path: string;
  readonly status: number;
  readonly text: string;
  readonly location?: string | undefined;
}

/** Answers after which trying again can help: exactly those at which MLflow's own client tries again. */
const passing = new Set([408, 429, 500, 502, 503, 504]);

/** Whether the same request may succeed later. */
export function mayPass({ status, text }: Pick<Refused, 'status' | 'text'>): boolean {
  // Said with 503, but it is how the server was started.
  return passing.has(status) && !/serving is disabled/i.test(text);
}

/** A refusal in the words of the person who can mend it. */
export function refusalError(refused: Refused): MlflowError {
  const { server, host, method, path, status, text } = refused;
  const { errorCode, message } = parsed(text);
  const asked = `${method} ${path}`;
  const facts = { status, errorCode, mayHaveActed: status >= 500 || status === 408 };
  const says = (words: string): MlflowError => new MlflowError(`${server} ${words}`, facts);

  if (status === 403 && /invalid host header/i.test(text)) {
    return says(
      `does not admit requests to ${host} (HTTP 403, Invalid Host header); start mlflow server with ` +
        `--allowed-hosts "${host}" beside every other form that is used, each with its port (localhost:5000, 127.0.0.1:5000): the option replaces the default`,
    );
  }
  if (status === 403 && /cross-origin/i.test(text)) {
    return says(
      'takes this for a request from another web site (HTTP 403, Cross-origin request blocked); a proxy between adds an Origin header: ' +
        'take it out there, or start mlflow server with --cors-allowed-origins naming that origin',
    );
  }
  if (status === 401) {
    return says(
      'does not accept the login (HTTP 401); set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN (or …_FILE)',
    );
  }
  if (status === 403) {
    return says(`forbids ${asked} (HTTP 403: ${message}); ask for the right, or use another user`);
  }
  if (status >= 300 && status < 400) {
    return says(`redirects to ${originOf(refused.location)}; set MLFLOW_TRACKING_URI to where it redirects`);
  }
  if (status === 404 && errorCode === '') {
    return says(
      `knows no ${path} (HTTP 404); check that MLFLOW_TRACKING_URI is the address of an MLflow server, with its path if it has one`,
    );
  }
  if (/serving is disabled/i.test(text)) {
    return says(
      'does not serve artifacts (--no-serve-artifacts), though the run was made to keep them there; start mlflow server with --serve-artifacts',
    );
  }
  if (status === 503 || /OperationalError/.test(text)) {
    return says(
      `could not do ${asked} (HTTP ${status}: ${message}); where its database is down, start it: MLflow needs no restart`,
    );
  }
  if (status >= 500 && /mlflow-artifacts|artifacts\/list/.test(path)) {
    return says(
      `could not do ${asked} (HTTP ${status}); its artifact store does not answer or is full: see the log of the server, start MinIO or whatever --artifacts-destination names`,
    );
  }
  return says(`refused ${asked} (HTTP ${status}: ${message})`);
}

/** No answer came, or it broke off. */
export function unreachableError(server: string, method: string, path: string, error: unknown): MlflowError {
  const code = codeOf(error);
  const [reason, mend] = explain(code, error);
  const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(code);
  return new MlflowError(
    `${server} cannot be reached (${method} ${path}): ${reason}; ${mend}`,
    { status: 0, errorCode: code, mayHaveActed: !neverSent },
    { cause: error },
  );
}

function codeOf(error: unknown): string {
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause instanceof Error ? codeOf(cause) : '';
}

function explain(code: string, error: unknown): readonly [reason: string, mend: string] {
  if (code === 'ECONNREFUSED') return ['nothing listens there', 'start it, or correct MLFLOW_TRACKING_URI'];
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return ['the name of the host is not known here', 'correct the host in MLFLOW_TRACKING_URI'];
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return [
      `its certificate is not trusted (${code})`,
      'name the authority that signed it in MLFLOW_TRACKING_SERVER_CERT_PATH',
    ];
  if (/SSL|EPROTO|HPE_/.test(code))
    return [`what listens there speaks otherwise (${code})`, 'check http or https, and the port'];
  if (/TIMEOUT/.test(code))
    return [`no answer in time (${code})`, 'see its log, or raise MLFLOW_HTTP_REQUEST_TIMEOUT'];
  const message = error instanceof Error ? error.message : String(error);
  return [[code, message].filter((part) => part !== '').join(': '), 'see its log'];
}

function parsed(text: string): { readonly errorCode: string; readonly message: string } {
  try {
    const { error_code, message } = JSON.parse(text) as { error_code?: unknown; message?: unknown };
    const words = typeof message === 'string' ? message : '';
    return { errorCode: typeof error_code === 'string' ? error_code : '', message: plain(words || text) };
  } catch {
    return { errorCode: '', message: /^\s*</.test(text) ? 'a page of HTML' : plain(text) || 'no words' };
  }
}

/** One line without control characters. */
function plain(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= 300 ? line : `${line.slice(0, 300)}…`;
}

function originOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? new URL(location).origin : 'another address';
}
