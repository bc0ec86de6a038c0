import { connect } from 'node:net';

const call = 1;
const reply = 2;
const textMethod = Buffer.from('get_all_databases');

/**
 * Calls get_all_databases of a Hive Metastore: the smallest call that reaches its database.
 * @param {string} host
 * @param {number} port
 * @returns {Promise<string[]>}
 */
export function thriftDatabases(host, port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    const end = (settle, value) => {
      socket.destroy();
      settle(value);
    };
    socket.setTimeout(15_000, () => end(reject, new Error('no answer to get_all_databases')));
    socket.on('error', (error) => end(reject, error));
    socket.on('close', () => reject(new Error('the connection was closed before the answer')));
    socket.on('connect', () => socket.write(request()));
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      try {
        end(resolve, parse(received));
      } catch (error) {
        // A range error: the answer is not whole yet.
        if (!(error instanceof RangeError)) end(reject, error);
      }
    });
  });
}

/** Binary protocol: version and kind, method, sequence number, an empty argument struct. */
function request() {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(0x80010000 + call, 0);
  head.writeUInt32BE(textMethod.length, 4);
  return Buffer.concat([head, textMethod, Buffer.from([0, 0, 0, 1, 0])]);
}

function parse(bytes) {
  const kind = bytes.readUInt32BE(0) & 0xff;
  let at = 8 + bytes.readUInt32BE(4) + 4;
  const [type, field] = [bytes.readUInt8(at), bytes.readUInt16BE(at + 1)];
  // Field 0 is the result, a list (15) of strings (11); any other is an exception of the metastore.
  if (kind !== reply || type !== 15 || field !== 0) {
    const text = bytes.toString('latin1').replace(/[^ -~]+/g, ' ');
    throw new Error(`get_all_databases failed: ${text.slice(0, 300)}`);
  }
  const count = bytes.readUInt32BE(at + 4);
  at += 8;
  return Array.from({ length: count }, () => {
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) throw new RangeError('cut short');
    const name = bytes.toString('utf8', at + 4, at + 4 + length);
    at += 4 + length;
    return name;
  });
}
