import { ConfigError } from '../../core/errors.js';
import { toolkitVersion } from '../../version.js';

/** How to reach a Trino coordinator, and as whom. */
export interface TrinoSettings {
  /** `https://host:8443`, optionally with a path; without user and password. */
  readonly url: string;
  /** Needed unless a token names the user. */
  readonly user?: string | undefined;
  /** Sent over https alone. */
  readonly password?: string | undefined;
  /** JSON web token, sent over https alone. */
  readonly token?: string | undefined;
  /** Certificates (PEM text) to trust in place of the system's. */
  readonly ca?: string | undefined;
  /** Catalog of tables named `schema.table`; `iceberg` when left out. */
  readonly catalog?: string | undefined;
  /** What the server lists as the source of our queries; `kol-trainer/<version>` when left out. */
  readonly source?: string | undefined;
  /** Tags by which resource groups know our queries. */
  readonly clientTags?: readonly string[] | undefined;
  /** Session properties of every query. */
  readonly session?: Readonly<Record<string, string>> | undefined;
  /** Gzip between server and us: saves bytes on a slow line, but costs the server several times the work. */
  readonly compression?: boolean | undefined;
  /** How long a silent or cancelled server is waited for. */
  readonly timeouts?:
    | {
        /** Longest silence of the server within one request, in seconds; 90 when left out. */
        readonly silence?: number | undefined;
        /** How long a cancelled query is waited for, in seconds; 5 when left out. */
        readonly cancel?: number | undefined;
      }
    | undefined;
}

/** The settings with their defaults, checked. */
export interface CheckedSettings {
  /** Without a slash at its end. */
  readonly url: string;
  readonly catalog: string;
  readonly ca: string | undefined;
  readonly compression: boolean;
  readonly silence: number;
  readonly cancel: number;
  /** Of every request; the values hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws {ConfigError} for a setting that cannot work; values of secrets are not repeated */
export function checkTrinoSettings(settings: TrinoSettings): CheckedSettings {
  const { user, password, token, catalog = 'iceberg', timeouts = {} } = settings;
  const url = checkUrl(settings.url);
  if (password !== undefined && token !== undefined) {
    throw new ConfigError('trino: a password and a token are both set; keep one of them');
  }
  if (token === undefined && (user === undefined || user === '')) {
    throw new ConfigError('trino: the user is missing; name one, or give a token that names it');
  }
  const secret = password !== undefined ? 'password' : 'token';
  // As Trino's own command line, which makes no exception for the local machine.
  if ((password ?? token) !== undefined && url.protocol !== 'https:') {
    throw new ConfigError(
      `trino: a ${secret} is sent over https only, but the url is ${url.origin}; ` +
        `use the https address of the server, or leave the ${secret} out`,
    );
  }
  const authorization =
    password !== undefined
      ? `Basic ${Buffer.from(`${user ?? ''}:${password}`).toString('base64')}`
      : token !== undefined && `Bearer ${token}`;
  const headers: Record<string, string> = {
    // An empty one is not sent: trino-client would otherwise send the name of the operating system's user.
    'X-Trino-User': user ?? '',
    'X-Trino-Source': settings.source ?? `kol-trainer/${toolkitVersion}`,
    'X-Trino-Time-Zone': 'UTC',
    // Without it the server rounds timestamps to milliseconds.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
    'X-Trino-Client-Tags': (settings.clientTags ?? []).join(','),
    'X-Trino-Session': encodeSession(settings.session ?? {}),
    ...(authorization && { Authorization: authorization }),
  };
  for (const [name, value] of Object.entries(headers)) checkHeader(name, value);
  return {
    url: url.href.replace(/\/+$/, ''),
    catalog,
    ca: settings.ca,
    compression: settings.compression ?? false,
    silence: checkSeconds('silence', timeouts.silence ?? 90),
    cancel: checkSeconds('cancel', timeouts.cancel ?? 5),
    headers,
  };
}

function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    // The text may hold a password, so it is not repeated.
    throw new ConfigError('trino: the url must look like https://host:8443');
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError(
      `trino: the url of ${url.host} must not hold a user or password; set them beside it`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new ConfigError(`trino: url=${url.href} must not have a query or fragment`);
  }
  return url;
}

function encodeSession(session: Readonly<Record<string, string>>): string {
  return Object.entries(session)
    .map(([name, value]) => {
      if (!/^[a-z][\w.]*$/i.test(name))
        throw new ConfigError(`trino: session property ${JSON.stringify(name)} must be a name`);
      return `${name}=${encodeURIComponent(value)}`;
    })
    .join(',');
}

function checkHeader(name: string, value: string): void {
  if (!/^[\x20-\x7e]*$/.test(value)) {
    throw new ConfigError(
      `trino: the value for ${name} holds a line break or a character outside ASCII; check the setting`,
    );
  }
}

function checkSeconds(name: string, seconds: number): number {
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new ConfigError(`trino: timeouts.${name}=${seconds} must lie above 0 and at most at 86400 seconds`);
  }
  return seconds;
}
