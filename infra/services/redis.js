import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { debianLibraries, unpackDebianPackages } from './debian-packages.js';
import { installTool } from './install.js';
import { findProgram } from './run-program.js';

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

  command(settings, { root, libraries }, folder) {
    const options = {
      bind: settings.host,
      port: settings.ports.redis,
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

  probe: (settings, _, signal) => ping(settings.host, settings.ports.redis, signal),
};

function ping(host, port, signal) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (settle, value) => {
      socket.destroy();
      settle(value);
    };
    signal.addEventListener('abort', () => end(reject, new Error('no answer to PING')));
    socket.once('error', (error) => end(reject, error));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) =>
      data.toString() === '+PONG\r\n' ? end(resolve) : end(reject, new Error(`PING answers ${data}`)),
    );
  });
}
