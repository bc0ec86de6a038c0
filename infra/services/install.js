import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Installs that this process is busy with, by their folder. */
const underWay = new Map();

/**
 * Installs a tool once: into a folder beside its place, which takes the place only when the work is whole. An install
 * that was cut short is never taken for a tool, and of two installs at once the first one stays.
 * @param {import('./services.js').ServiceSettings} settings
 * @param {{ name: string, version: string, recipe: string, work: (scratch: string) => Promise<void> }} tool
 *   `recipe`: what the result depends on; another recipe is another folder
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the folder
 */
export function installTool(settings, tool, say) {
  const digest = createHash('sha256').update(tool.recipe).digest('hex').slice(0, 8);
  const folder = join(settings.cache, `${tool.name}-${tool.version}-${digest}`);
  if (existsSync(folder)) return Promise.resolve(folder);
  // Services share tools and install at the same time.
  if (!underWay.has(folder)) {
    underWay.set(
      folder,
      install(folder, tool, say).finally(() => underWay.delete(folder)),
    );
  }
  return underWay.get(folder);
}

async function install(folder, { name, version, work }, say) {
  const scratch = `${folder}.${process.pid}`;
  const began = Date.now();
  say(`installing ${name} ${version}`);
  try {
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true });
    await work(scratch);
    await rename(scratch, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  say(`installed ${name} ${version} in ${Math.round((Date.now() - began) / 1000)} s`);
  return folder;
}
