import { Command } from 'commander';
import { accountsFile } from '../../sources/sample/accounts-file.js';
import { writeSampleLakehouse } from '../../sources/sample/write-sample.js';
import { common, wholeNumber } from '../option-types.js';
import type { CliSession } from '../session.js';

interface Options {
  lakehouse?: string;
  seed?: number;
  kols?: number;
  overwrite?: boolean;
  json?: boolean;
}

/** `kol sample` */
export function sampleCommand(session: CliSession): Command {
  return new Command('sample')
    .description('write the sample lakehouse: real labelled accounts, and a simulated platform around them')
    .addOption(common.lakehouse())
    .option('--seed <n>', 'seed of the simulation', wholeNumber(0, 4_294_967_295))
    .option('--kols <n>', 'simulated KOLs (default: 2000)', wholeNumber(1, 999_999))
    .option('--overwrite', 'replace a lakehouse that is there')
    .addOption(common.json())
    .action(async ({ lakehouse, seed, kols, overwrite, json }: Options) => {
      const folder = lakehouse ?? session.environment.lakehouse;
      await writeSampleLakehouse(folder, {
        seed: seed ?? 7,
        accountsFile,
        ...(kols !== undefined && { nKols: kols }),
        overwrite: overwrite ?? false,
        progress: session.progress,
        signal: session.signal,
      });
      session.print(
        json
          ? JSON.stringify({ lakehouse: folder })
          : `sample lakehouse written to ${folder}; its README.md tells what is true in it`,
      );
    });
}
