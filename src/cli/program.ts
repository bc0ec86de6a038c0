import { Command } from 'commander';
import { toolkitVersion } from '../version.js';
import { promoteCommand, rollbackCommand } from './commands/aliases.js';
import { doctorCommand } from './commands/doctor.js';
import { driftCommand } from './commands/drift.js';
import { evaluateCommand } from './commands/evaluate.js';
import { forecastCommand } from './commands/forecast.js';
import { importCommand } from './commands/import.js';
import { loadCommand } from './commands/load.js';
import { runsCommand } from './commands/runs.js';
import { sampleCommand } from './commands/sample.js';
import { scoreCommand } from './commands/score.js';
import { trainSuccessCommand } from './commands/train-success.js';
import { trainTableCommand } from './commands/train-table.js';
import { trainTrustCommand } from './commands/train-trust.js';
import type { CliSession } from './session.js';

/** The whole command line. */
export function program(session: CliSession): Command {
  const train = new Command('train')
    .description('train, judge and release a champion')
    .addCommand(trainTrustCommand(session))
    .addCommand(trainSuccessCommand(session))
    .addCommand(trainTableCommand(session));
  const root = new Command('kol')
    .description('train, evaluate and release the models of a KOL analytics platform')
    .version(toolkitVersion)
    // Else the root would take `--version 2` of `kol promote` for its own.
    .enablePositionalOptions()
    .addCommand(train)
    .addCommand(forecastCommand(session))
    .addCommand(scoreCommand(session))
    .addCommand(evaluateCommand(session))
    .addCommand(driftCommand(session))
    .addCommand(runsCommand(session))
    .addCommand(promoteCommand(session))
    .addCommand(rollbackCommand(session))
    .addCommand(sampleCommand(session))
    .addCommand(importCommand(session))
    .addCommand(loadCommand(session))
    .addCommand(doctorCommand(session))
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 failed inside, 2 wrong usage, 3 bad data, 4 the gate
said no, 5 service unreachable, 130 interrupted.
Environment: KOL_LAKEHOUSE (default ./lakehouse), KOL_STORE (runs and models,
default ./.kol), KOL_DEBUG=1 for stack traces; TRINO_URL, TRINO_USER,
TRINO_PASSWORD or TRINO_TOKEN (or …_FILE), TRINO_CA_FILE, TRINO_CATALOG for the
platform's lakehouse instead. kol doctor tries whatever is set.

Begin with:
  kol train trust
  kol train success
  kol train table --help`,
    );
  return withUsageErrors(root);
}

/** Wrong usage is thrown, not exited with; nothing but results goes to stdout. */
function withUsageErrors(command: Command): Command {
  command.exitOverride().showSuggestionAfterError().showHelpAfterError('(add --help for the options)');
  command.commands.forEach(withUsageErrors);
  return command;
}
