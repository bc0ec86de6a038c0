// Prints how to call wrk: the one of this machine, else Debian's package, unpacked beside the other programs.
import { join } from 'node:path';
import { debianLibraries, unpackDebianPackages } from '../../infra/services/debian-packages.js';
import { installTool } from '../../infra/services/install.js';
import { findProgram } from '../../infra/services/run-program.js';
import { serviceSettings } from '../../infra/services/settings.js';

const packages = ['wrk', 'libluajit-5.1-2', 'libluajit-5.1-common'];
const found = findProgram('wrk');
if (found !== null) process.stdout.write(`${found}\n`);
else {
  const work = (scratch) => unpackDebianPackages(packages, scratch);
  const tool = { name: 'wrk', version: '4.1', recipe: packages.join(), work };
  const root = await installTool(serviceSettings(), tool, () => {});
  process.stdout.write(`env LD_LIBRARY_PATH=${debianLibraries(root)} ${join(root, 'usr', 'bin', 'wrk')}\n`);
}
