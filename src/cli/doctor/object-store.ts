import { AwsClient } from 'aws4fetch';
import type { ObjectStoreSettings } from '../../sources/object-store.js';
import {
  failed,
  ok,
  plainText,
  publicAddress,
  warning,
  type Examination,
  type Finding,
  type Steps,
} from './check.js';
import { askHttp } from './http-answer.js';

/** MinIO, or another store that speaks S3. */
export function objectStore(settings: ObjectStoreSettings): Examination {
  const { endpoint, accessKeyId, secretAccessKey } = settings;
  return {
    service: 's3',
    location: publicAddress(endpoint),
    mend: 'see the log of the store',
    *steps(): Steps {
      if (!/^https?:\/\/[^/@?#]+\/?$/.test(endpoint) || !URL.canParse(endpoint)) {
        yield {
          name: 'address',
          find: () =>
            Promise.resolve(
              failed(
                'config',
                'the endpoint is no http address of a host alone',
                'set AWS_ENDPOINT_URL_S3 (or MLFLOW_S3_ENDPOINT_URL) as in http://minio:9000, without path and login',
              ),
            ),
        };
        return;
      }
      const alive = yield { name: 'health', find: (signal) => health(endpoint, signal) };
      if (alive.state === 'failed') return;
      const given = yield {
        name: 'credentials',
        find: () => Promise.resolve(credentials(accessKeyId, secretAccessKey)),
      };
      if (given.state === 'ok') yield { name: 'buckets', find: (signal) => buckets(settings, signal) };
    },
  };
}

async function health(endpoint: string, signal: AbortSignal): Promise<Finding> {
  const { status, headers } = await askHttp(`${publicAddress(endpoint)}/minio/health/ready`, { signal });
  const server = plainText(headers.get('server') ?? 'a server', 40);
  if (status === 200) return ok(`${server} is ready`);
  if (status < 500) return ok(`${server} answers (HTTP ${status}); whether it is ready only MinIO says`);
  return failed('service', `${server} is not ready (HTTP ${status})`, 'see its log and its disks');
}

/** The values are never shown. */
function credentials(accessKeyId: string, secretAccessKey: string): Finding {
  if (!/^[\x21-\x7e]*$/.test(accessKeyId + secretAccessKey))
    return failed(
      'config',
      'key or secret holds a space, a line break or a character outside ASCII',
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY anew',
    );
  const missing = [
    ...(accessKeyId === '' ? ['AWS_ACCESS_KEY_ID'] : []),
    ...(secretAccessKey === '' ? ['AWS_SECRET_ACCESS_KEY'] : []),
  ];
  if (missing.length === 0) return ok('key and secret are set');
  const names = missing.join(' and ');
  return warning(
    `${names} ${missing.length === 1 ? 'is' : 'are'} not set, so the login was not tried`,
    `set ${names}, directly or as a file in ${missing.map((name) => `${name}_FILE`).join(' and ')}; kol load needs it`,
  );
}

/** Lists the buckets, which proves the login. */
async function buckets(settings: ObjectStoreSettings, signal: AbortSignal): Promise<Finding> {
  const { endpoint, accessKeyId, secretAccessKey, region } = settings;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  const { status, text } = await askHttp(`${publicAddress(endpoint)}/`, { signal }, (url, init) =>
    client.fetch(url, init),
  );
  if (status === 200) {
    const names = [...text.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name]) => plainText(name));
    return names.length > 0
      ? ok(names.join(', '))
      : warning('there is none that this key may see', 'make the buckets of the platform: make init-buckets');
  }
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? `HTTP ${status}`;
  if (code === 'AccessDenied')
    return warning(
      'this key may not list them; which ones it may use was not checked',
      'none if the key is meant so',
    );
  return failed('service', `the store refuses: ${code}`, mends[code] ?? 'see the log of the store');
}

const mends: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'check AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'check AWS_SECRET_ACCESS_KEY',
  RequestTimeTooSkewed: 'set the clock of this machine or of the store',
  AuthorizationHeaderMalformed: 'check AWS_REGION',
};
