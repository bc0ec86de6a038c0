import { createServer } from 'node:net';
import { findProgram, runProgram } from './run-program.js';
import { portVariable } from './settings.js';

/**
 * Refuses ports that others hold, all of them at once and each by name.
 * @param {import('./services.js').ServiceSettings} settings
 * @param {readonly { name: string, ports: readonly string[] }[]} services
 */
export async function requireFreePorts(settings, services) {
  const wanted = services.flatMap(({ name, ports }) => ports.map((port) => ({ service: name, port })));
  const complaints = [];
  for (const { service, port } of wanted) {
    const number = settings.ports[port];
    const twin = wanted.find((other) => other.port !== port && settings.ports[other.port] === number);
    if (twin !== undefined) {
      complaints.push(`port ${number} is asked for by ${port} and ${twin.port}: set ${portVariable(port)}`);
    } else if (!(await isFree(settings.host, number))) {
      const holder = await holderOf(number);
      complaints.push(
        `port ${number} of ${service} is taken${holder}: stop that, or set ${portVariable(port)}, or KOL_PORT_OFFSET for all`,
      );
    }
  }
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

function isFree(host, port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(new Error(`cannot listen on port ${port}: ${error.message}`, { cause: error }));
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Who holds a port, in words, as far as this machine has a program that says so. */
async function holderOf(port) {
  if (findProgram('lsof') !== null) {
    const text = await runProgram('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']).catch(() => '');
    const [pid, name] = [/^p(\d+)/m.exec(text)?.[1], /^c(.+)/m.exec(text)?.[1]];
    if (pid !== undefined) return ` by ${name} (process ${pid})`;
  }
  if (findProgram('ss') !== null) {
    const text = await runProgram('ss', ['-Hltnp', `sport = :${port}`]).catch(() => '');
    const [, name, pid] = /\(\("([^"]+)",pid=(\d+)/.exec(text) ?? [];
    if (pid !== undefined) return ` by ${name} (process ${pid})`;
  }
  return '';
}
