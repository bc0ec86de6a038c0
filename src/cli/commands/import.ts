import { Command } from 'commander';
import { ConfigError } from '../../core/errors.js';
import { importAccounts } from '../../sources/import-accounts.js';
import { common } from '../option-types.js';
import type { CliSession } from '../session.js';
import { importTextsCommand } from './import-texts.js';

interface Options {
  input: string;
  lakehouse?: string;
  asOf?: string;
  skipBadRows?: string;
  json?: boolean;
}

/** `kol import accounts` */
export function importCommand(session: CliSession): Command {
  const accounts = new Command('accounts')
    .description('load labelled accounts into kol_gold.ml_trust_training, replacing what is there')
    .requiredOption('--input <file>', 'CSV or Parquet with the column names of the public account data set')
    .addOption(common.lakehouse())
    .option('--as-of <date>', 'when the accounts were observed (ISO 8601; default 2020-08-19)')
    .addOption(common.skipBadRows())
    .addOption(common.json())
    .action(async ({ input, lakehouse, asOf, skipBadRows, json }: Options) => {
      const folder = lakehouse ?? session.environment.lakehouse;
      const imported = await importAccounts({
        input,
        lakehouse: folder,
        ...(asOf !== undefined && { asOf: dateOf(asOf) }),
        ...(skipBadRows !== undefined && { skipBadRows }),
        signal: session.signal,
      });
      session.print(
        json
          ? JSON.stringify(imported)
          : [
              `${imported.nRows} accounts (${imported.nUntrustworthy} untrustworthy) imported into ${folder}`,
              ...(imported.rejected > 0 ? [`${imported.rejected} bad rows set aside in ${skipBadRows}`] : []),
              ...(imported.nullColumns.length > 0
                ? [`columns without values: ${imported.nullColumns.join(', ')}`]
                : []),
            ].join('\n'),
      );
    });
  return new Command('import')
    .description('load real data into the embedded lakehouse')
    .addCommand(accounts)
    .addCommand(importTextsCommand(session));
}

function dateOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new ConfigError(`--as-of ${text} must be a date such as 2020-08-19`);
  return time;
}
