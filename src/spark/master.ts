import { connect } from 'node:net';
import { ServiceError } from '../core/errors.js';

/**
 * Whether a standalone master answers; other kinds of master are left to spark-submit.
 * @throws {ServiceError} naming every address that was tried
 */
export async function checkMaster(master: string, milliseconds = 5000): Promise<void> {
  if (!master.startsWith('spark://')) return;
  const addresses = master.slice('spark://'.length).split(',');
  const answers = await Promise.all(addresses.map((address) => answersAt(address, milliseconds)));
  if (answers.includes(null)) return;
  throw new ServiceError(
    `Spark master ${master} cannot be reached (${answers.join('; ')}): check --spark-master and that the master runs there, or train with --engine local`,
  );
}

/** Null where something listens, else the reason. */
function answersAt(address: string, milliseconds: number): Promise<string | null> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 7077), timeout: milliseconds });
    const end = (answer: string | null): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end(`${address}: no answer within ${milliseconds / 1000} s`));
    socket.once('error', (error) => end(`${address}: ${error.message}`));
  });
}
