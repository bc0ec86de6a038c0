import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../registry/atomic-file.js';
import type { Release } from '../release/build-release.js';

/** Writes every file of a release into `folder`; model.json comes last, so that it never names what is not there. */
export async function writeRelease(folder: string, release: Release): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { 'model.json': card, ...files } = release.files;
  for (const [name, content] of Object.entries(files)) await writeFileAtomically(join(folder, name), content);
  await writeFileAtomically(join(folder, 'model.json'), card);
}
