import { Command } from 'commander';
import { ConfigError } from '../../core/errors.js';
import { objectStore } from '../../sources/object-store.js';
import { loadLakehouse } from '../../sources/trino/load-lakehouse.js';
import { folderOrSample } from '../lakehouse.js';
import { common } from '../option-types.js';
import type { CliSession } from '../session.js';
import { textTable } from '../summary.js';

/** `kol load` */
export function loadCommand(session: CliSession): Command {
  return new Command('load')
    .description('load an embedded lakehouse into the Iceberg tables of the platform, which it replaces')
    .addOption(common.lakehouse())
    .addOption(common.json())
    .addHelpText(
      'after',
      `
Needs TRINO_URL, AWS_ENDPOINT_URL_S3 (or MLFLOW_S3_ENDPOINT_URL), AWS_ACCESS_KEY_ID
and AWS_SECRET_ACCESS_KEY, and a catalog with
iceberg.add-files-procedure.enabled=true.

Example:
  kol load --lakehouse lakehouse`,
    )
    .action(async ({ lakehouse, json }: { lakehouse?: string; json?: boolean }) => {
      const { trino, objectStore: store } = session.environment;
      if (trino === undefined) throw new ConfigError('kol load needs TRINO_URL, such as http://trino:8080');
      if (store === undefined)
        throw new ConfigError('kol load needs AWS_ENDPOINT_URL_S3, such as http://minio:9000');
      const folder = await folderOrSample(session, lakehouse);
      const tables = await loadLakehouse(folder, {
        trino,
        store: objectStore(store),
        progress: session.progress,
        signal: session.signal,
      });
      session.print(
        json
          ? JSON.stringify(tables, null, 2)
          : textTable([['table', 'files'], ...tables.map(({ table, files }) => [table, String(files)])]),
      );
    });
}
