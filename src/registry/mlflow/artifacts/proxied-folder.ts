/** Below the address of the API. */
export const artifactsPath = '/mlflow-artifacts/artifacts';

/** Where a folder of artifacts lies behind a server. */
export interface ProxiedFolder {
  /** Up to and without `/mlflow-artifacts/…`. */
  readonly api: string;
  /** Within the server's artifacts; no slash at either end. */
  readonly folder: string;
  /** Whether the server is the one that the login is for. */
  readonly withLogin: boolean;
}

/** Takes `mlflow-artifacts:/…`, `mlflow-artifacts://host/…` or an http address apart. */
export function proxiedFolder(
  uri: string,
  { base, origin }: { readonly base: string; readonly origin: string },
): ProxiedFolder {
  const within = (path: string): string => decodeURI(path).replaceAll(/^\/+|\/+$/g, '');
  if (/^https?:/i.test(uri)) {
    const [api, folder = ''] = uri.split(artifactsPath);
    return { api, folder: within(folder), withLogin: new URL(uri).origin === origin };
  }
  const [, authority = '', path = ''] = /^mlflow-artifacts:(?:\/\/([^/]*))?(\/.*)?$/i.exec(uri) ?? [];
  const own = new URL(base);
  // Another host keeps the scheme and the path of the tracking address, as in MLflow's own client.
  const server = authority === '' ? base : `${own.protocol}//${authority}${own.pathname.replace(/\/$/, '')}`;
  return { api: `${server}/api/2.0`, folder: within(path), withLogin: new URL(server).origin === origin };
}
