import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMark } from './processes.js';

/**
 * Lets one supervisor at a time change a state folder; a second one waits its turn.
 * @template T
 * @param {string} state
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(state, work) {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const lock = join(state, 'lock');
  while (!take(lock)) await sleep(200);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, JSON.stringify({ pid: process.pid, mark: startMark(process.pid) }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    const { pid, mark } = JSON.parse(readFileSync(lock, 'utf8'));
    // Its owner ended without leaving.
    if (startMark(pid) !== mark) rmSync(lock, { force: true });
  } catch {
    // Just left, or not written yet.
  }
  return false;
}
