import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cassandra } from './cassandra.js';
import { clientEnvironment, shellText } from './client-environment.js';
import { kafka } from './kafka.js';
import { withLock } from './lock.js';
import { metastore } from './metastore.js';
import { minio } from './minio.js';
import { mlflow } from './mlflow.js';
import { requireFreePorts } from './ports.js';
import { postgres } from './postgres.js';
import { endProcess, processTree } from './processes.js';
import { redis } from './redis.js';
import { readRecord, removeRecord, serviceFolder } from './service-record.js';
import { serviceSettings } from './settings.js';
import { said, startOne } from './start.js';
import { trino } from './trino.js';

/** In the order in which they can be stopped from the end. */
const all = [postgres, minio, metastore, trino, mlflow, redis, cassandra, kafka];

/** What is started when nobody says which: all but those that are asked for by name. */
export const serviceNames = all.filter(({ onDemand }) => !onDemand).map(({ name }) => name);
const everyName = all.map(({ name }) => name);

/** Those that KOL_SERVICES_SECURE=1 gives TLS and logins. Trino and MLflow speak to them without. */
const securable = ['postgres', 'minio', 'redis', 'cassandra', 'kafka'];

const stopSeconds = 30;
const silent = () => {};

/** Starts what does not run yet, and what that needs; resolves when all of them answer. */
export async function startServices({
  settings = serviceSettings(),
  names = serviceNames,
  say = silent,
} = {}) {
  const wanted = withNeeds(names);
  const open = wanted
    .filter(({ name }) => settings.secure && !securable.includes(name))
    .map(({ name }) => name);
  if (open.length > 0)
    throw new Error(
      `KOL_SERVICES_SECURE=1 is for ${securable.join(', ')}, not for ${open.join(', ')}: start those without it`,
    );
  return withLock(settings.state, async () => {
    const running = wanted.filter((service) => runsWith(settings, service));
    await requireFreePorts(
      settings,
      wanted.filter((service) => !running.includes(service)),
    );
    const tools = await settleAll(wanted.map((service) => service.install(settings, say)));
    const started = new Map();
    const ready = (needed) => Promise.all(needed.map((name) => started.get(name)));
    for (const [index, service] of wanted.entries()) {
      const work = startOne(settings, service, { tools: tools[index], ready, say });
      // One that waits for it in vain reports the same error: said once is enough.
      work.catch(silent);
      started.set(service.name, work);
    }
    await settleAll([...started.values()]);
    const environment = clientEnvironment(settings);
    const file = join(settings.state, 'env');
    writeFileSync(`${file}.${process.pid}`, shellText(environment), { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
    return { settings, environment, file };
  });
}

/** Starts one service again, and what it needs. */
export const startService = (name, options = {}) => startServices({ ...options, names: [name] });

/** Stops all, those first that others do not lean on. Data stays. */
export async function stopServices({ settings = serviceSettings(), names = everyName, say = silent } = {}) {
  const chosen = all.filter(({ name }) => names.includes(name)).reverse();
  await withLock(settings.state, async () => {
    const stopped = new Map();
    for (const service of chosen) {
      const above = chosen
        .filter((other) => leansOn(other).includes(service.name))
        .map(({ name }) => stopped.get(name));
      stopped.set(
        service.name,
        Promise.all(above).then(() => stopOne(settings, service, service.stopSignal, say)),
      );
    }
    await settleAll([...stopped.values()]);
  });
}

/** Stops one service the way it wishes to be stopped. */
export const stopService = (name, options = {}) => stopServices({ ...options, names: [find(name).name] });

/** Ends one service as a crash would: SIGKILL, children as well. Its record stays, as after a crash. */
export async function killService(name, { settings = serviceSettings() } = {}) {
  const record = readRecord(settings, find(name).name);
  if (record === null) throw new Error(`${name} does not run`);
  await endProcess(record.pid, record.mark, { signal: 'SIGKILL', seconds: 0 });
}

/** Halts one service without ending it, as an overloaded machine would. */
export const freezeService = (name, options = {}) => signalService(name, 'SIGSTOP', options);

/** Lets a halted service go on. */
export const thawService = (name, options = {}) => signalService(name, 'SIGCONT', options);

function signalService(name, signal, { settings = serviceSettings() }) {
  const record = readRecord(settings, find(name).name);
  if (record === null) throw new Error(`${name} does not run`);
  for (const { pid } of processTree(record.pid)) process.kill(pid, signal);
}

/** What runs, asked by real requests. */
export async function servicesState({ settings = serviceSettings() } = {}) {
  const shown = all.filter(({ name, onDemand }) => !onDemand || readRecord(settings, name) !== null);
  return Promise.all(shown.map((service) => stateOf(settings, service)));
}

/** Removes all data of a state folder; nothing of it may run. */
export async function resetServices({ settings = serviceSettings() } = {}) {
  await stopServices({ settings });
  for (const service of all) await service.remove?.(serviceFolder(settings, service.name));
  // What lies in it goes even where its parent belongs to somebody else.
  for (const name of existsSync(settings.state) ? readdirSync(settings.state) : []) {
    rmSync(join(settings.state, name), { recursive: true, force: true });
  }
  await rmdir(settings.state).catch(() => {});
}

async function stateOf(settings, service) {
  const record = readRecord(settings, service.name);
  const { name, version } = service;
  if (record === null) {
    const ports = Object.fromEntries(service.ports.map((port) => [port, settings.ports[port]]));
    return { name, version, state: 'down', ports, pid: null, since: null, bytes: 0, log: null, reason: null };
  }
  const { pid, since, ports, log, tools } = record;
  const bytes = processTree(pid).reduce((sum, each) => sum + each.bytes, 0);
  const asRecorded = { ...settings, ports: { ...settings.ports, ...ports } };
  const reason = await Promise.race([
    service.probe(asRecorded, tools, AbortSignal.timeout(20_000)).then(() => null, said),
    new Promise((resolve) => setTimeout(resolve, 20_000, 'no answer within 20 s').unref()),
  ]);
  return {
    name,
    version,
    state: reason === null ? 'ready' : 'not ready',
    ports,
    pid,
    since,
    bytes,
    log,
    reason,
  };
}

async function stopOne(settings, { name }, signal, say) {
  const record = readRecord(settings, name);
  if (record !== null) {
    await endProcess(record.pid, record.mark, { signal, seconds: stopSeconds });
    say(`${name} stopped`);
  }
  removeRecord(settings, name);
}

/** Whether a service runs, on the ports that are asked for. */
function runsWith(settings, service) {
  const record = readRecord(settings, service.name);
  if (record === null) return false;
  for (const [port, number] of Object.entries(record.ports)) {
    if (number !== settings.ports[port]) {
      throw new Error(
        `${service.name} of ${settings.state} runs on port ${number}, not ${settings.ports[port]}: stop it first, or name another KOL_SERVICES_DIR`,
      );
    }
  }
  return true;
}

const leansOn = ({ needs, probeNeeds = [] }) => [...needs, ...probeNeeds];

function withNeeds(names) {
  const wanted = new Set();
  const add = (name) => {
    const service = find(name);
    leansOn(service).forEach(add);
    wanted.add(service);
  };
  names.forEach(add);
  return all.filter((service) => wanted.has(service));
}

function find(name) {
  const service = all.find((each) => each.name === name);
  if (service === undefined)
    throw new Error(`no service is called ${name}: choose from ${everyName.join(', ')}`);
  return service;
}

/** Waits for all, so that nothing goes on behind an error's back; then throws every distinct one. */
async function settleAll(promises) {
  const results = await Promise.allSettled(promises);
  const errors = [
    ...new Set(results.filter(({ status }) => status === 'rejected').map(({ reason }) => reason)),
  ];
  if (errors.length > 0) {
    throw new Error(errors.map(({ message }) => message).join('\n'), { cause: errors[0] });
  }
  return results.map(({ value }) => value);
}
