import { ConfigError } from '../../core/errors.js';

/** How to reach MLflow and, where it hands that out, the object store behind it. */
export interface MlflowSettings {
  /** Such as `http://mlflow:5000` or `https://user:password@host/prefix`. */
  readonly trackingUri: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** PEM text of the authority that signed the server's certificate. */
  readonly ca?: string | undefined;
  /** Whether any certificate is taken. */
  readonly insecureTls?: boolean | undefined;
  /** Seconds without an answer before a request counts as failed; 120 when left out. */
  readonly timeout?: number | undefined;
  /** Further attempts after a failure that may pass; 5 when left out. */
  readonly maxRetries?: number | undefined;
  /** Seconds of the first pause between attempts, doubled each time; 0.5 when left out. */
  readonly firstPause?: number | undefined;
  /** Files of at least so many bytes go in parts where the server can; 100 MiB when left out. */
  readonly multipartFrom?: number | undefined;
  /** For artifacts that lie at `s3://…`, which clients read and write themselves. */
  readonly s3?: S3Settings | undefined;
  /** Told in words of each request that is tried again. */
  readonly onRetry?: ((message: string) => void) | undefined;
}

/** The object store as a client speaks to it; what is left out, the AWS SDK looks for itself. */
export interface S3Settings {
  /** Such as `http://minio:9000`; AWS itself when left out. */
  readonly endpoint?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  readonly region?: string | undefined;
  readonly ca?: string | undefined;
  readonly insecureTls?: boolean | undefined;
}

/** The tracking address taken apart: where requests go, what shows them who asks, and what may be printed. */
export interface TrackingAddress {
  /** Without login and without a slash at the end. */
  readonly base: string;
  readonly origin: string;
  readonly authorization: string | undefined;
}

/**
 * Reads the address and the login.
 * @throws {ConfigError} for an address that is not http, or a login that no header can hold; neither is repeated
 */
export function trackingAddress({ trackingUri, username, password, token }: MlflowSettings): TrackingAddress {
  const url = URL.canParse(trackingUri) ? new URL(trackingUri) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(
      'MLFLOW_TRACKING_URI is no http address; set it to that of the server, such as http://mlflow:5000, or leave it out',
    );
  }
  const user = username ?? decoded(url.username);
  const basic = `${user}:${password ?? decoded(url.password)}`;
  const authorization =
    user !== ''
      ? `Basic ${Buffer.from(basic).toString('base64')}`
      : token === undefined
        ? undefined
        : `Bearer ${token}`;
  // What the transport would say of such a header repeats it.
  if (authorization !== undefined && !/^[\x20-\x7e]*$/.test(authorization)) {
    throw new ConfigError(
      'MLFLOW_TRACKING_TOKEN holds a line break or a character outside ASCII; set it anew',
    );
  }
  return { base: url.origin + url.pathname.replace(/\/+$/, ''), origin: url.origin, authorization };
}

/** A part of an address; one that is encoded wrongly stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
