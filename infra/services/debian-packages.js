import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, runProgram } from './run-program.js';

/**
 * Fetches Debian packages and unpacks them into a folder: nothing is installed on the machine and no daemon started.
 * @param {readonly string[]} names
 * @param {string} folder
 */
export async function unpackDebianPackages(names, folder) {
  if (findProgram('apt-get') === null || findProgram('dpkg') === null) {
    throw new Error(
      `${names[0]} is taken from Debian's packages, which this system has not: install it yourself`,
    );
  }
  // The first try fails on machines whose lists of packages are old or were never fetched.
  const download = () => runProgram('apt-get', ['--quiet', 'download', ...names], { cwd: folder });
  await download().catch(async () => {
    await runProgram('apt-get', ['--quiet', 'update'], { install: 'use Debian or Ubuntu' });
    await download();
  });
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    await runProgram('dpkg', ['-x', join(folder, file), folder]);
    await rm(join(folder, file));
  }
}

/** Where the libraries of unpacked packages lie, for LD_LIBRARY_PATH. */
export function debianLibraries(folder) {
  const libraries = join(folder, 'usr', 'lib');
  const machines = readdirSync(libraries).filter((name) => name.endsWith('-linux-gnu'));
  return machines.map((name) => join(libraries, name)).join(':');
}
