import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs `work` beside a process that keeps one core busy, and ends that process whatever happens. */
export async function withNeighbour(work) {
  const child = fork(fileURLToPath(new URL('./busy.js', import.meta.url)));
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  const rate = (from, to) =>
    new Promise((resolve, reject) => {
      child.once('message', (answer) => resolve(answer.rate));
      child.send({ from, to }, (error) => error && reject(error));
    });
  try {
    return await work({ rate, aloneRate: () => aloneRate(rate) });
  } finally {
    stop();
    process.off('exit', stop);
  }
}

/** How fast it is with the machine to itself, after half a second of warming up. */
async function aloneRate(rate) {
  await pause(500);
  const began = Date.now() / 1000;
  await pause(2000);
  return rate(began, Date.now() / 1000);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
