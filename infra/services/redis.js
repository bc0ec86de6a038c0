import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { debianLibraries, unpackDebianPackages } from './debian-packages.js';
import { installTool } from './install.js';
import { findProgram } from './run-program.js';
import { connectTo, writeCertificates } from './secure.js';

const packages = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libhiredis0.14'];
const more = ['lua-bitop', 'lua-cjson', 'liblua5.1-0'];

/** The feature cache of the API. Starts only when it is asked for by name. */
export const redis = {
  name: 'redis',
  version: '7.0',
  ports: ['redis'],
  needs: [],
  onDemand: true,
  stopSignal: 'SIGTERM',
  startSeconds: 30,

  async install(settings, say) {
    const found = findProgram('redis-server');
    if (found !== null) return { root: dirname(dirname(dirname(found))), libraries: '' };
    const names = [...packages, ...more];
    const work = (scratch) => unpackDebianPackages(names, scratch);
    const root = await installTool(
      settings,
      { name: 'redis', version: '7', recipe: names.join(), work },
      say,
    );
    return { root, libraries: debianLibraries(root) };
  },

  async command(settings, { root, libraries }, folder) {
    const options = {
      bind: settings.host,
      ...(settings.secure ? await secured(settings, folder) : { port: settings.ports.redis }),
      save: '',
      appendonly: 'no',
      dir: folder,
    };
    return {
      program: join(root, 'usr', 'bin', 'redis-server'),
      args: Object.entries({ ...options, maxmemory: '256mb', 'maxmemory-policy': 'allkeys-lru' }).flatMap(
        ([name, value]) => [`--${name}`, String(value)],
      ),
      env: libraries === '' ? {} : { LD_LIBRARY_PATH: libraries },
      cwd: folder,
    };
  },

  probe: (settings, _, signal) => ping(settings, signal),
};

/** TLS alone, and a user who may do what the API does: read and write its keys. */
async function secured(settings, folder) {
  const { user, password } = settings.consumer;
  const names = { key: 'redis.key', certificate: 'redis.crt', authority: 'authority.crt' };
  const { key, certificate, authority } = await writeCertificates(settings, folder, names);
  const acl = join(folder, 'users.acl');
  const rights = `on >${password} ~kol:features:* resetchannels -@all +mget +set +ping +hello`;
  await writeFile(acl, `user default off\nuser ${user} ${rights}\n`, { mode: 0o600 });
  return {
    port: 0,
    'tls-port': settings.ports.redis,
    'tls-cert-file': certificate,
    'tls-key-file': key,
    'tls-ca-cert-file': authority,
    'tls-auth-clients': 'no',
    aclfile: acl,
  };
}

function ping(settings, signal) {
  const { secure, consumer } = settings;
  return new Promise((resolve, reject) => {
    const hello = secure ? `AUTH ${consumer.user} ${consumer.password}\r\n` : '';
    const socket = connectTo(settings, settings.ports.redis, () => socket.write(`${hello}PING\r\n`));
    const end = (settle, value) => {
      socket.destroy();
      settle(value);
    };
    signal.addEventListener('abort', () => end(reject, new Error('no answer to PING')));
    socket.once('error', (error) => end(reject, error));
    let said = '';
    socket.on('data', (data) => {
      said += data;
      if (said.endsWith('+PONG\r\n')) end(resolve);
      else if (said.includes('-')) end(reject, new Error(`PING answers ${said}`));
    });
  });
}
