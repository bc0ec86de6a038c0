import { join } from 'node:path';
import { unpackDebianPackages } from '../services/debian-packages.js';
import { installTool } from '../services/install.js';
import { findProgram } from '../services/run-program.js';
import { serviceSettings } from '../services/settings.js';

/** Prometheus' own checker: the one on the path, else that of Debian's package, unpacked into the cache. */
export async function findPromtool(say = () => {}) {
  const found = findProgram('promtool');
  if (found !== null) return found;
  const packages = ['prometheus'];
  const work = (scratch) => unpackDebianPackages(packages, scratch);
  const tool = { name: 'prometheus', version: 'debian', recipe: packages.join(), work };
  return join(await installTool(serviceSettings(), tool, say), 'usr', 'bin', 'promtool');
}
