import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { writeSampleLakehouse } from '../sources/sample/write-sample.js';
import type { CliSession } from './session.js';

/** The real accounts that the package ships. */
export const accountsFile = fileURLToPath(new URL('../../data/trust-accounts.parquet', import.meta.url));

/** The named lakehouse, or the default one, made from the sample where it does not exist yet. */
export async function lakehouseOrSample(session: CliSession, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const folder = session.environment.lakehouse;
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  if (!exists) {
    session.progress.note(`there is no lakehouse at ${folder} yet: writing the sample one (kol sample)`);
    await writeSampleLakehouse(folder, {
      seed: 7,
      accountsFile,
      progress: session.progress,
      signal: session.signal,
    });
  }
  return folder;
}
