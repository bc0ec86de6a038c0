import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { ConfigError, GateError } from '../../core/errors.js';
import { canaryOf, promotionOf, shadowOf, type AliasMove } from '../../registry/alias-move.js';
import { gateTags, requireEvidence, type PromotionPolicy } from '../../registry/promotion/gate-evidence.js';
import {
  pickVersion,
  pickVersionOfRun,
  type PromotableVersion,
} from '../../registry/promotion/promotion-registry.js';
import type { RunRecord } from '../../registry/run-record.js';
import { readConfig } from '../config-file.js';
import { writeChampionMetrics } from '../metrics-files.js';
import { common, wholeNumber } from '../option-types.js';
import {
  aliasesInWords,
  historyInWords,
  registryOption,
  withPromotion,
  type RegistryName,
} from '../promotion-place.js';
import type { CliSession } from '../session.js';

interface Options {
  model: string;
  version?: number;
  run?: string;
  why?: string;
  force?: boolean;
  maxAge?: number;
  approval?: string;
  canary?: number;
  shadow?: boolean;
  withdraw?: 'canary' | 'shadow';
  registry?: RegistryName;
  config?: string;
  history?: boolean;
  json?: boolean;
}

/** What a person may set for promotions. */
const promotionConfig = z.strictObject({
  /** Days that an evaluation stays good for. */
  maxAgeDays: z.number().gt(0).default(7).meta({ description: 'must be a number of days above 0' }),
  /** A tag that a version must carry to be promoted. */
  approvalTag: z.string().min(1).optional().meta({ description: 'must be the name of a tag' }),
});

/** `kol promote` */
export function promoteCommand(session: CliSession): Command {
  return new Command('promote')
    .description('make a version the champion that the gate lets pass; the champion becomes the previous one')
    .requiredOption('--model <name>', 'registered model, kol-trust for example')
    .option('--version <n>', 'version to promote (default: the newest)', wholeNumber(1, 1_000_000_000))
    .option('--run <id>', 'promote the version that this run made, whatever its number in the registry')
    .option('--why <text>', 'reason for the audit trail')
    .option('--force', 'promote without a fresh evaluation; needs --why')
    .option('--max-age <days>', 'days that an evaluation stays good for (default: 7)', days)
    .option('--approval <tag>', 'a tag that the version must carry, approved_by for example')
    .option('--canary <share>', 'send it a share of the requests beside the champion, 5% for example', share)
    .option('--shadow', 'ask it beside the champion without using its answers')
    .addOption(new Option('--withdraw <what>', 'end a trial').choices(['canary', 'shadow']))
    .option('--history', 'list who moved what, and why')
    .addOption(registryOption())
    .addOption(common.config())
    .addOption(common.json())
    .addHelpText(
      'after',
      '\nExamples:\n  kol promote --model kol-trust\n  kol promote --model kol-trust --version 4 --canary 5%',
    )
    .action(async (options: Options) => {
      if (options.force && options.why === undefined)
        throw new ConfigError('--force needs --why: say for the audit trail why no evaluation is needed');
      if (options.run !== undefined && options.version !== undefined)
        throw new ConfigError('--run and --version both name a version; give one of them');
      checkTrials(options);
      const { maxAge: maxAgeDays, approval: approvalTag } = options;
      const policy = await readConfig(promotionConfig, options.config, { maxAgeDays, approvalTag });
      await withPromotion(session, options.registry, async ({ registry, follow }) => {
        const { model } = options;
        const versions = await registry.versions(model);
        const candidate =
          options.run === undefined
            ? pickVersion(versions, model, registry.place, options.version)
            : pickVersionOfRun(versions, model, registry.place, await runOf(session, options.run));
        if (options.history) {
          session.print(
            options.json
              ? JSON.stringify(await registry.audit(model), null, 2)
              : await historyInWords(registry, model),
          );
          return;
        }
        const { champion } = await registry.aliases(model);
        const reigning = versions.find(({ version }) => version === champion) ?? null;
        const aliases = await registry.move(moveOf(options, candidate, champion, reigning, policy));
        await follow(model, aliases);
        await writeChampionMetrics(session, model);
        session.print(options.json ? JSON.stringify(aliases) : aliasesInWords(model, aliases));
      });
    });
}

async function runOf({ runs }: CliSession, id: string): Promise<RunRecord> {
  const found = (await runs.listRuns()).runs.find(({ runId }) => runId === id);
  if (found !== undefined) return found;
  throw new ConfigError(`--run ${id} is not in ${runs.folder}; kol runs lists those that are`);
}

function moveOf(
  options: Options,
  candidate: PromotableVersion,
  champion: number | null,
  reigning: PromotableVersion | null,
  policy: PromotionPolicy,
): AliasMove {
  const { model: name, force = false, canary, shadow, withdraw } = options;
  const { version } = candidate;
  if (withdraw !== undefined) {
    const why = options.why ?? `${withdraw} withdrawn`;
    const decide =
      withdraw === 'canary' ? canaryOf(name, undefined, champion) : shadowOf(name, undefined, champion);
    return { name, action: withdraw, why, decide };
  }
  if (shadow) {
    const why = options.why ?? `version ${version} as shadow`;
    return { name, action: 'shadow', why, decide: shadowOf(name, version, champion) };
  }
  if (canary !== undefined) {
    // What is undecided may be tried; what harms may not.
    if (!force && candidate.tags[gateTags.decision] === 'refuse')
      throw new GateError(
        `the gate refused version ${version}; no request may go there without --force --why`,
      );
    const why = options.why ?? `version ${version} as canary with ${100 * canary} %`;
    return { name, action: 'canary', why, decide: canaryOf(name, { version, share: canary }, champion) };
  }
  if (!force && champion !== version) requireEvidence(candidate, reigning, policy, Date.now());
  const why = options.why ?? 'the gate let it pass';
  return {
    name,
    action: 'promote',
    why: force ? `forced: ${why}` : why,
    decide: promotionOf(name, version, champion),
  };
}

function checkTrials({ canary, shadow, withdraw }: Options): void {
  const given = [canary !== undefined && '--canary', shadow && '--shadow', withdraw && '--withdraw'].filter(
    Boolean,
  );
  if (given.length > 1)
    throw new ConfigError(`${given.join(' and ')} cannot be given together; do one after the other`);
}

/** `5%` or `0.05`. */
function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const value = match === null ? NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (!(value > 0 && value <= 1))
    throw new InvalidArgumentError('It must be a share above 0 and at most 1, such as 5% or 0.05.');
  return value;
}

function days(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number of days above 0.');
  return value;
}
