import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, startDetached, startMark } from './processes.js';
import { readRecord, removeRecord, serviceFolder, writeRecord } from './service-record.js';

/**
 * Starts one service, or finds it running, and resolves when it has answered its probe.
 * @param {import('./services.js').ServiceSettings} settings
 * @param {object} service
 * @param {{ tools: object, ready: (names: readonly string[]) => Promise<unknown>, say: (line: string) => void }} how
 *   `ready` resolves when the named services answer
 */
export async function startOne(settings, service, { tools, ready, say }) {
  const { name } = service;
  const running = readRecord(settings, name);
  const began = Date.now();
  await ready(service.needs);
  const record = running ?? (await launch(settings, service, tools));
  try {
    await ready(service.probeNeeds ?? []);
    await untilReady(settings, service, record);
  } catch (error) {
    // What did not get ready must not stand in the way of the next try.
    if (running === null) {
      await endProcess(record.pid, record.mark, { signal: 'SIGKILL', seconds: 0 });
      removeRecord(settings, name);
    }
    throw error;
  }
  const took = ((Date.now() - began) / 1000).toFixed(1);
  say(
    running === null
      ? `${name} ${service.version} ready after ${took} s`
      : `${name} ${service.version} runs already`,
  );
}

async function launch(settings, service, tools) {
  const folder = serviceFolder(settings, service.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const command = await service.command(settings, tools, folder);
  const log = join(folder, `${service.name}.log`);
  const pid = await startDetached(command, log);
  const ports = Object.fromEntries(service.ports.map((port) => [port, settings.ports[port]]));
  const record = {
    pid,
    mark: startMark(pid),
    version: service.version,
    since: new Date().toISOString(),
    ports,
    log,
    tools,
  };
  writeRecord(settings, service.name, record);
  return record;
}

async function untilReady(settings, service, { pid, mark, log, tools }) {
  const until = Date.now() + service.startSeconds * 1000;
  for (;;) {
    let reason;
    try {
      return await service.probe(settings, tools, AbortSignal.timeout(10_000));
    } catch (error) {
      reason = said(error);
    }
    if (mark === null || startMark(pid) !== mark)
      throw new Error(`${service.name} ended while it started\n${logTail(log)}`);
    if (Date.now() > until) {
      throw new Error(
        `${service.name} is not ready after ${service.startSeconds} s: ${reason}\n${logTail(log)}`,
      );
    }
    await sleep(250);
  }
}

/** The reason of an error, which fetch hides in its cause. */
export const said = (error) =>
  error.cause?.message || error.cause?.code || error.message || String(error.code ?? error);

function logTail(log) {
  if (!existsSync(log)) return '';
  const lines = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    // Java's stack frames hide what it says.
    .filter((line) => !/^\s+(at |\.\.\. \d+ more)/.test(line))
    .slice(-20);
  return `the end of ${log}:\n${lines.map((line) => `  ${line.slice(0, 400)}`).join('\n')}`;
}
