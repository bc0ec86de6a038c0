// A standalone cluster on loopback: a master and workers of one core each. Started from the pyspark package, which has no sbin.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, startDetached, startMark } from '../services/processes.js';
import { runProgram } from '../services/run-program.js';

/**
 * @param {{ python: string, folder: string, workers?: number, memory?: string }} settings `memory` of a worker, such as 2g
 * @returns {Promise<{ master: string, web: string, environment: Record<string, string>, workers: readonly number[], stop: () => Promise<void> }>}
 */
export async function startCluster({ python, folder, workers = 2, memory = '2g' }) {
  mkdirSync(folder, { recursive: true });
  const home = (
    await runProgram(python, ['-c', 'import os, pyspark; print(os.path.dirname(pyspark.__file__))'])
  ).trim();
  const environment = { SPARK_HOME: home, SPARK_LOCAL_IP: '127.0.0.1', PYSPARK_PYTHON: python };
  const started = [];
  const start = async (name, args) => {
    const program = join(home, 'bin', 'spark-class');
    const env = { ...environment, SPARK_DAEMON_MEMORY: '256m' };
    const log = join(folder, `${name}.log`);
    const pid = await startDetached({ program, args, env, cwd: folder }, log);
    started.push({ pid, mark: startMark(pid) });
    return { pid, log };
  };
  const stop = async () => {
    for (const { pid, mark } of started.reverse())
      if (mark !== null) await endProcess(pid, mark, { signal: 'SIGTERM', seconds: 10 });
  };
  try {
    const [port, web] = [await freePort(), await freePort()];
    const host = ['--host', '127.0.0.1'];
    const deploy = 'org.apache.spark.deploy';
    await start('master', [
      `${deploy}.master.Master`,
      ...host,
      '--port',
      `${port}`,
      '--webui-port',
      `${web}`,
    ]);
    const master = `spark://127.0.0.1:${port}`;
    const pids = [];
    for (let i = 1; i <= workers; i++) {
      const own = ['-c', '1', '-m', memory, '-d', join(folder, `worker-${i}`), '--webui-port', '0'];
      pids.push((await start(`worker-${i}`, [`${deploy}.worker.Worker`, ...host, ...own, master])).pid);
    }
    await until(async () => {
      const answer = await fetch(`http://127.0.0.1:${web}/json/`).catch(() => undefined);
      return answer?.ok && (await answer.json()).aliveworkers === workers;
    }, `${workers} workers at ${master}; see ${folder}`);
    return { master, web: `http://127.0.0.1:${web}`, environment, workers: pids, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function until(holds, what, seconds = 240) {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`within ${seconds} s there were not ${what}`);
    await sleep(250);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
