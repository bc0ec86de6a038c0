import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs `work` beside a process that keeps one core busy, and ends that process whatever happens. */
export async function withNeighbour(work) {
  const child = fork(fileURLToPath(new URL('./busy.js', import.meta.url)));
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  const interrupted = () => process.exit(130);
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const rate = (from, to) =>
    new Promise((resolve, reject) => {
      child.once('message', (answer) => resolve(answer.rate));
      child.send({ from, to }, (error) => error && reject(error));
    });
  try {
    // How fast it is with the machine to itself, after half a second of warming up.
    await pause(500);
    const began = Date.now() / 1000;
    await pause(2000);
    const alone = await rate(began, Date.now() / 1000);
    return await work({ rate, alone });
  } finally {
    stop();
    process.off('exit', stop).off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
