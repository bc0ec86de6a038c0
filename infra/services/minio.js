import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installTool } from './install.js';
import { installNodePackages, requirePackage } from './node-packages.js';
import { runProgram } from './run-program.js';
import { connectTo, writeCertificates } from './secure.js';
import { buckets } from './settings.js';

const module = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c';

/** The object store. MinIO ships no binaries any more: it is built from the Go module. */
export const minio = {
  name: 'minio',
  version: '2026-02-12',
  ports: ['minio', 'minioConsole'],
  needs: [],
  stopSignal: 'SIGTERM',
  startSeconds: 60,

  async install(settings, say) {
    const tool = { name: 'minio', version: '2026-02-12', recipe: module, work: build };
    const [server, packages] = await Promise.all([
      installTool(settings, tool, say),
      installNodePackages(settings, say),
    ]);
    return { server, packages };
  },

  async command(settings, { server }, folder) {
    const data = join(folder, 'data');
    await mkdir(data, { recursive: true });
    const { host, ports, secure, minio: login } = settings;
    const certificates = join(folder, 'certificates');
    if (secure)
      await writeCertificates(settings, certificates, { key: 'private.key', certificate: 'public.crt' });
    return {
      program: join(server, 'minio'),
      args: [
        ...['server', '--quiet', '--address', `${host}:${ports.minio}`],
        ...(secure ? ['--certs-dir', certificates] : []),
        ...['--console-address', `${host}:${ports.minioConsole}`, data],
      ],
      env: { MINIO_ROOT_USER: login.user, MINIO_ROOT_PASSWORD: login.password, MINIO_UPDATE: 'off' },
      cwd: folder,
    };
  },

  /** Ready means that the buckets are there, made with the credentials that clients will use. */
  async probe(settings, { packages }, signal) {
    // Certificates are checked by the clients that the tests run; fetch knows no authority of our own.
    if (settings.secure) return listens(settings);
    const url = `http://${settings.host}:${settings.ports.minio}`;
    const health = await fetch(`${url}/minio/health/ready`, { signal });
    if (!health.ok) throw new Error(`health answers ${health.status}`);
    const { AwsClient } = requirePackage(packages, 'aws4fetch');
    const { user, password } = settings.minio;
    const client = new AwsClient({
      ...{ accessKeyId: user, secretAccessKey: password },
      ...{ service: 's3', region: 'us-east-1', retries: 0 },
    });
    for (const bucket of buckets) {
      const made = await client.fetch(`${url}/${bucket}`, { method: 'PUT', signal });
      const text = await made.text();
      if (!made.ok && !text.includes('BucketAlreadyOwnedByYou')) {
        throw new Error(`bucket ${bucket} answers ${made.status} ${text.slice(0, 200)}`);
      }
    }
  },
};

/** Whether it answers, by its own certificate. */
function listens(settings) {
  return new Promise((resolve, reject) => {
    const socket = connectTo(settings, settings.ports.minio, () => {
      socket.end('GET /minio/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    });
    let said = '';
    socket.on('data', (data) => (said += data));
    socket.once('error', reject);
    socket.once('close', () =>
      said.startsWith('HTTP/1.1 200') ? resolve() : reject(new Error(`health answers ${said.slice(0, 40)}`)),
    );
  });
}

async function build(scratch) {
  const caches = join(scratch, 'build');
  const env = {
    ...process.env,
    ...{ GOBIN: scratch, GOMODCACHE: join(caches, 'modules'), GOCACHE: join(caches, 'objects') },
    ...{ CGO_ENABLED: '0', GOFLAGS: '-modcacherw -trimpath' },
  };
  await runProgram('go', ['install', '-ldflags=-s -w', module], {
    env,
    install: 'apt-get install golang, brew install go, or see https://go.dev/dl',
  });
  await rm(caches, { recursive: true, force: true });
}
