import { Command } from 'commander';
import { rollbackOf } from '../../registry/alias-move.js';
import { pickVersion } from '../../registry/promotion/promotion-registry.js';
import { writeChampionMetrics } from '../metrics-files.js';
import { common } from '../option-types.js';
import { aliasesInWords, registryOption, withPromotion, type RegistryName } from '../promotion-place.js';
import type { CliSession } from '../session.js';

interface Options {
  model: string;
  why: string;
  registry?: RegistryName;
  json?: boolean;
}

/** `kol rollback` */
export function rollbackCommand(session: CliSession): Command {
  return new Command('rollback')
    .description('make the previous champion the champion again; canary and shadow are withdrawn')
    .requiredOption('--model <name>', 'registered model, kol-trust for example')
    .option('--why <text>', 'reason for the audit trail', 'rolled back by hand')
    .addOption(registryOption())
    .addOption(common.json())
    .action(async ({ model, why, registry: wanted, json }: Options) => {
      await withPromotion(session, wanted, async ({ registry, follow }) => {
        pickVersion(await registry.versions(model), model, registry.place);
        const aliases = await registry.move({
          ...{ name: model, action: 'rollback', why },
          decide: rollbackOf(model),
        });
        await follow(model, aliases);
        await writeChampionMetrics(session, model);
        session.print(json ? JSON.stringify(aliases) : aliasesInWords(model, aliases));
      });
    });
}
