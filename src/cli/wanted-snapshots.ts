import { ConfigError } from '../core/errors.js';
import type { CliSession } from './session.js';

/**
 * Snapshot ids by table, from what `--snapshot` was given: `schema.table=id`, or the id of a run whose tables are to be
 * read as it read them. Later ones win.
 * @throws {ConfigError} for text that is neither
 * @throws {DataError} for a run that is not there
 */
export async function wantedSnapshots(
  given: readonly string[] | undefined,
  { runs }: Pick<CliSession, 'runs'>,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (given === undefined) return undefined;
  const wanted: Record<string, string> = {};
  for (const text of given) {
    const pair = /^([^=.]+\.[^=.]+)=(.+)$/.exec(text);
    if (pair !== null) wanted[pair[1]] = pair[2];
    else if (text.includes('=')) {
      throw new ConfigError(`--snapshot ${text} must be schema.table=id, or the id of a run (kol runs)`);
    } else Object.assign(wanted, snapshotsOfRun((await runs.readRun(text)).datasets));
  }
  return wanted;
}

function snapshotsOfRun(datasets: readonly { readonly source: string }[]): Record<string, string> {
  return Object.fromEntries(
    datasets.map(({ source }) => {
      const { table, snapshot } = JSON.parse(source) as { table: string; snapshot: string };
      return [table, snapshot];
    }),
  );
}
