import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { repository } from './files.js';

const names = ['minio', 'postgres', 'hive-metastore', 'trino', 'mlflow', 'redpanda', 'redis', 'cassandra'];

async function health(
  args: readonly string[],
  timeout = '10',
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [`${repository}infra/health.js`, ...args], {
    env: { ...process.env, HEALTH_TIMEOUT: timeout },
  });
  const closed = once(child, 'close');
  const [said, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode, said: said + error };
}

/** A port on which `answer` meets whoever connects, for as long as `use` takes. */
async function onPort<T>(answer: (socket: Socket) => void, use: (port: number) => Promise<T>): Promise<T> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    answer(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

describe('make health', () => {
  it('says of every service that it is down where nothing listens', async () => {
    const port = await onPort(
      () => undefined,
      (free) => Promise.resolve(free),
    );
    const { code, said } = await health(names.map((name) => `${name}=127.0.0.1:${port}`));
    expect(code).toBe(1);
    for (const name of names) expect(said).toMatch(new RegExp(`^${name} .*ECONNREFUSED$`, 'm'));
    expect(said).toContain(`8 of 8 down: ${names.join(', ')}. make up-base starts them`);
  });

  it('takes no open port for a service that works', async () => {
    const { code, said } = await onPort(
      (socket) => socket.end('220 mail.example ESMTP\r\n'),
      (port) => health(names.map((name) => `${name}=127.0.0.1:${port}`)),
    );
    expect(code).toBe(1);
    expect(said).not.toContain('answers\n');
    expect(said).toContain('8 of 8 down');
  });

  it('does not wait for ever for a service that hangs', async () => {
    const { code, said } = await onPort(
      () => undefined,
      (port) =>
        health(
          names.map((name) => `${name}=127.0.0.1:${port}`),
          '0.3',
        ),
    );
    expect(code).toBe(1);
    expect(said.match(/gave no answer in 0\.3 s/g)).toHaveLength(8);
  });

  it('names the services there are where one is misspelt', async () => {
    const { code, said } = await health(['redi=127.0.0.1:1']);
    expect(code).toBe(2);
    expect(said).toContain('there is no service redi; there are minio, postgres');
  });
});
