// Runs the steps of a Dockerfile without containers: every stage becomes a folder, RUN a chroot into it.
//   node infra/docker/run-steps.js <Dockerfile> <out folder> <image=folder of its root file system>...
// A base is what debootstrap makes, say, with Node or Python unpacked into it. Needs root and Linux. The context is the
// folder of the Dockerfile, or CONTEXT; of .dockerignore it knows `*`, plain paths and `!`.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

const [dockerfile, out, ...bases] = process.argv.slice(2);
const context = resolve(process.env.CONTEXT ?? dirname(dockerfile));
const images = new Map(bases.map((base) => base.split('=')));
const stages = new Map();
let stage;

for (const { word, rest } of instructions(readFileSync(dockerfile, 'utf8'))) {
  process.stdout.write(`${word} ${rest}\n`);
  if (word === 'FROM') stage = from(rest);
  else if (word === 'ENV') Object.assign(stage.env, assignments(rest));
  else if (word === 'WORKDIR')
    mkdirSync(join(stage.root, (stage.workdir = resolve(stage.workdir, rest))), { recursive: true });
  else if (word === 'USER') stage.user = rest;
  else if (word === 'COPY') copy(rest.split(/\s+/));
  else if (word === 'RUN') run(['/bin/sh', '-c', rest]);
  else if (!['CMD', 'EXPOSE', 'VOLUME'].includes(word)) throw new Error(`${dockerfile}: cannot run ${word}`);
}

function instructions(text) {
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n');
  return lines
    .map((line) => /^(\w+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, word, rest]) => ({ word: word.toUpperCase(), rest: rest.trim() }));
}

function from(rest) {
  const [image, , name = String(stages.size)] = rest.split(/\s+/);
  const base = stages.get(image)?.root ?? images.get(image);
  if (base === undefined) throw new Error(`no folder given for ${image}: add ${image}=<folder>`);
  const root = resolve(out, name);
  mkdirSync(root, { recursive: true });
  check(
    spawnSync('cp', ['--archive', '--reflink=auto', `${resolve(base)}/.`, root], { stdio: 'inherit' }),
    'cp',
  );
  const made = { root, env: {}, workdir: '/', user: 'root' };
  stages.set(name, made);
  return made;
}

function assignments(rest) {
  return Object.fromEntries(
    [...rest.matchAll(/(\w+)=("[^"]*"|\S+)/g)].map(([, name, value]) => [name, value.replaceAll('"', '')]),
  );
}

/** Copies as root, modes and times kept; a folder gives what it holds. */
function copy(words) {
  const flags = Object.fromEntries(takeWhile(words, '--').map((word) => word.slice(2).split('=')));
  const source = flags.from === undefined ? context : stages.get(flags.from).root;
  const destination = words.pop();
  const target = join(stage.root, resolve(stage.workdir, destination));
  const keep = flags.from === undefined ? included : () => true;
  for (const word of words) {
    const path = join(source, word);
    const intoFolder =
      destination.endsWith('/') || existsSync(target) ? !statSync(path).isDirectory() : false;
    const copied = intoFolder ? join(target, basename(path)) : target;
    cpSync(path, copied, {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
      filter: (file) => keep(relative(source, file)),
    });
    if (flags.chmod !== undefined) chmodSync(copied, parseInt(flags.chmod, 8));
  }
}

function takeWhile(words, start) {
  const end = words.findIndex((word) => !word.startsWith(start));
  return words.splice(0, end);
}

/** Whether .dockerignore lets a path into the context: the last pattern that matches decides. */
function included(path) {
  const file = join(context, '.dockerignore');
  if (path === '' || !existsSync(file)) return true;
  const patterns = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const matching = patterns.filter((line) => {
    const pattern = line.replace(/^!/, '');
    return pattern === '*' || path === pattern || path.startsWith(`${pattern}/`);
  });
  return matching.length === 0 || matching.at(-1).startsWith('!');
}

/** In a mount namespace of its own, so that nothing stays mounted. Settings of package managers are handed on. */
function run(command) {
  const handedOn = Object.entries(process.env).filter(([name]) =>
    /^(npm_config|pip|ssl|node_extra|\w*_proxy)/i.test(name),
  );
  const home = stage.user === 'root' ? '/root' : `/home/${stage.user}`;
  const variables = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: home,
    ...Object.fromEntries(handedOn),
    ...stage.env,
  };
  const script =
    'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec chroot --userspec="$1" "$0" /usr/bin/env -C "$2" "${@:3}"';
  const args = [
    '--mount',
    '--pid',
    '--fork',
    'bash',
    '-c',
    script,
    stage.root,
    stage.user,
    stage.workdir,
    ...command,
  ];
  check(spawnSync('unshare', args, { stdio: 'inherit', env: variables }), command.join(' '));
}

function check({ status, error }, what) {
  if (status !== 0) throw new Error(`${what}: ${error?.message ?? `exit ${status}`}`);
}
