import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a service inherits of our environment; all else is said by its own file. */
const inherited = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/**
 * Starts a program that outlives us, with its output in a log file.
 * @param {{ program: string, args: string[], env: Record<string, string>, cwd: string, uid?: number, gid?: number }} command
 * @param {string} log
 * @returns {Promise<number>} its process id
 */
export async function startDetached({ program, args, env, ...where }, log) {
  if (existsSync(log)) renameSync(log, `${log}.previous`);
  const output = openSync(log, 'a', 0o600);
  const own = Object.fromEntries(
    inherited.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])),
  );
  try {
    const child = spawn(program, args, {
      ...where,
      env: { ...own, ...env },
      detached: true,
      stdio: ['ignore', output, output],
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return child.pid;
  } finally {
    closeSync(output);
  }
}

/** When a process began, in words that only this process answers to; null where none of that id runs. */
export function startMark(pid) {
  return processTable(pid).find((each) => each.pid === pid)?.mark ?? null;
}

/** A process and all below it: ids and resident bytes. */
export function processTree(pid) {
  const table = processTable();
  const tree = table.filter((each) => each.pid === pid);
  for (let at = 0; at < tree.length; at++)
    tree.push(...table.filter(({ parent }) => parent === tree[at].pid));
  return tree;
}

/** Ends a process and all below it, softly first. Resolves when none of them runs any more. */
export async function endProcess(pid, mark, { signal, seconds }) {
  if (startMark(pid) !== mark) return;
  const tree = processTree(pid);
  const left = () => tree.filter((each) => startMark(each.pid) === each.mark);
  const gone = async (limit, alive) => {
    const until = Date.now() + limit * 1000;
    while (alive() && Date.now() < until) await sleep(50);
  };
  if (signal !== 'SIGKILL') {
    send(pid, signal);
    await gone(seconds, () => startMark(pid) === mark);
    for (const each of left()) if (each.pid !== pid) send(each.pid, 'SIGTERM');
    await gone(5, () => left().length > 0);
  }
  for (const each of left()) send(each.pid, 'SIGKILL');
  await gone(10, () => left().length > 0);
  if (left().length > 0) throw new Error(`process ${left()[0].pid} does not end, not even by SIGKILL`);
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Running processes (or the one asked for); those that ended and wait for their parent do not count. */
function processTable(only) {
  if (process.platform === 'linux') {
    const ids = only === undefined ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [only];
    return ids.flatMap((id) => readProcess(Number(id)));
  }
  const selection = only === undefined ? ['-A'] : ['-p', String(only)];
  let text = '';
  try {
    text = execFileSync('ps', [...selection, '-o', 'pid=,ppid=,rss=,stat=,lstart='], { encoding: 'utf8' });
  } catch {
    // ps fails where no process matches.
  }
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, rss, state, mark] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*\S)/.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), bytes: Number(rss) * 1024, mark }];
  });
}

function readProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything; after it: state, parent, … and the start in clock ticks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return [];
    const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0;
    return [{ pid, parent: Number(fields[1]), bytes: Number(resident) * 1024, mark: fields[19] }];
  } catch {
    return [];
  }
}
