import { readFileSync } from 'node:fs';

/**
 * Tells a process from a later one that was given the same number: when it began, in this start of the machine.
 * Undefined where the system does not say (it does on Linux), or there is no such process.
 */
export function processMark(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the 22nd field is the start in ticks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie does nothing any more.
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Whether a process of this machine still runs; `mark` as it was when the process said who it is. */
export function isAlive(pid: number, mark: string | undefined): boolean {
  const now = processMark(pid);
  if (now !== undefined) return mark === undefined || now === mark;
  try {
    process.kill(pid, 0);
    // Ours, so that Linux would have told of it, were it more than a zombie.
    return process.platform !== 'linux';
  } catch (error) {
    // It runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
