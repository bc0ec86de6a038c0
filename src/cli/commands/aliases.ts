import { Command } from 'commander';
import { ConfigError } from '../../core/errors.js';
import type { Aliases } from '../../registry/aliases.js';
import { common, wholeNumber } from '../option-types.js';
import type { CliSession } from '../session.js';

/** `kol promote` */
export function promoteCommand(session: CliSession): Command {
  return new Command('promote')
    .description('make a version the champion; the champion becomes the previous one')
    .requiredOption('--model <name>', 'registered model, kol-trust for example')
    .option('--version <n>', 'version to promote (default: the newest)', wholeNumber(1, 1_000_000_000))
    .option('--why <text>', 'reason for the audit trail', 'promoted by hand')
    .addOption(common.json())
    .action(
      async ({
        model,
        version,
        why,
        json,
      }: {
        model: string;
        version?: number;
        why: string;
        json?: boolean;
      }) => {
        const newest = (await session.models.versions(model)).at(-1)?.version;
        if (newest === undefined) throw new ConfigError(`--model ${model} has no versions; train it first`);
        const { champion } = await session.models.aliases(model);
        const aliases = await session.models.promote({
          name: model,
          version: version ?? newest,
          expectedChampion: champion,
          why,
        });
        session.print(json ? JSON.stringify(aliases) : sentence(model, aliases));
      },
    );
}

/** `kol rollback` */
export function rollbackCommand(session: CliSession): Command {
  return new Command('rollback')
    .description('make the previous champion the champion again')
    .requiredOption('--model <name>', 'registered model, kol-trust for example')
    .option('--why <text>', 'reason for the audit trail', 'rolled back by hand')
    .addOption(common.json())
    .action(async ({ model, why, json }: { model: string; why: string; json?: boolean }) => {
      if ((await session.models.versions(model)).length === 0)
        throw new ConfigError(`--model ${model} has no versions; train it first`);
      const aliases = await session.models.rollback({ name: model, why });
      session.print(json ? JSON.stringify(aliases) : sentence(model, aliases));
    });
}

function sentence(model: string, { champion, previous }: Aliases): string {
  return `${model}: champion is version ${champion ?? 'none'}, previous is ${previous === null ? 'none' : `version ${previous}`}`;
}
