// What each service is asked, and what a working one answers. An open port proves nothing, so every question is one of
// the service's own protocol, and where there is a store behind, one that reaches it.
import { connect } from 'node:net';

/** `ask(host, port, patience)` gives null where the answer is right, otherwise what is wrong. */
export const askings = [
  { name: 'minio', port: 9000, ask: http('/minio/health/ready') },
  { name: 'postgres', port: 5432, ask: bytes(postgresStartup(), postgresAnswer) },
  { name: 'hive-metastore', port: 9083, ask: bytes(thriftCall('get_all_databases'), thriftReply) },
  {
    name: 'trino',
    port: 8080,
    ask: http('/v1/info', ({ starting }) => (starting ? 'is still starting' : null)),
  },
  {
    name: 'mlflow',
    port: 5000,
    ask: http('/api/2.0/mlflow/experiments/search', () => null, { max_results: 1 }),
  },
  { name: 'redpanda', port: 19092, ask: bytes(kafkaVersions(), kafkaAnswer) },
  { name: 'redis', port: 6379, ask: bytes(Buffer.from('PING\r\n'), redisAnswer) },
  { name: 'cassandra', port: 9042, ask: bytes(Buffer.from('040000000500000000', 'hex'), cassandraAnswer) },
];

function http(path, judge = null, body = null) {
  return async (host, port, patience) => {
    try {
      const response = await fetch(`http://${host}:${port}${path}`, {
        signal: AbortSignal.timeout(patience),
        ...(body && {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      });
      const text = await response.text();
      if (!response.ok) return `answers ${response.status} to ${path}: ${text.slice(0, 100).trim()}`;
      return judge === null ? null : judge(JSON.parse(text));
    } catch (error) {
      if (error.name === 'TimeoutError') return `gave no answer in ${patience / 1000} s`;
      return error.cause?.code ?? error.message;
    }
  };
}

/** Sends bytes and has `judge` read the first that come back: null, what is wrong, or undefined while there are too few. */
function bytes(question, judge) {
  return (host, port, patience) =>
    new Promise((resolve) => {
      let received = Buffer.alloc(0);
      const socket = connect({ host, port });
      const end = (verdict) => {
        socket.destroy();
        resolve(verdict);
      };
      socket.setTimeout(patience, () => end(`gave no answer in ${patience / 1000} s`));
      socket.on('connect', () => socket.write(question));
      socket.on('error', (error) => end(error.code ?? error.message));
      socket.on('close', () => end('closed the connection without an answer'));
      socket.on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        const verdict = judge(received);
        if (verdict !== undefined) end(verdict);
      });
    });
}

/** Protocol 3.0 of a user: the server asks for a password, or says why it does not. */
function postgresStartup() {
  const parameters = Buffer.from('user\0health\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length, 0);
  head.writeInt32BE(196608, 4);
  return Buffer.concat([head, parameters]);
}

function postgresAnswer(answer) {
  const kind = String.fromCharCode(answer[0]);
  if (kind === 'R') return null;
  if (kind !== 'E') return 'speaks another protocol';
  // 57P03: starting up, shutting down, in recovery. Any other refusal comes from a server that works.
  return answer.includes('57P03') ? 'is starting up or shutting down' : null;
}

function thriftCall(method) {
  const length = Buffer.alloc(4);
  length.writeInt32BE(method.length);
  return Buffer.concat([
    Buffer.from('80010001', 'hex'),
    length,
    Buffer.from(method),
    Buffer.from([0, 0, 0, 0, 0]),
  ]);
}

function thriftReply(answer) {
  if (answer.length < 4) return undefined;
  const kind = answer.readUInt32BE(0);
  if (kind === 0x80010002) return null;
  return kind === 0x80010003 ? 'answers with an exception; is PostgreSQL up?' : 'speaks another protocol';
}

/** ApiVersions, version 0, correlation 1, no client. */
function kafkaVersions() {
  return Buffer.from('0000000a0012000000000001ffff', 'hex');
}

function kafkaAnswer(answer) {
  if (answer.length < 10) return undefined;
  return answer.readInt32BE(4) === 1 && answer.readInt16BE(8) === 0 ? null : 'speaks another protocol';
}

function redisAnswer(answer) {
  const line = answer.toString().split('\r\n')[0];
  if (line === '+PONG' || line.startsWith('-NOAUTH')) return null;
  return line.startsWith('-') ? line.slice(1) : 'speaks another protocol';
}

/** OPTIONS of protocol 4 is answered by SUPPORTED. */
function cassandraAnswer(answer) {
  if (answer.length < 5) return undefined;
  return answer[0] === 0x84 && answer[4] === 0x06 ? null : 'speaks another protocol';
}
