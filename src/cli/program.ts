import { Command } from 'commander';
import { toolkitVersion } from '../version.js';
import { compareCommand } from './commands/compare.js';
import { completionCommand } from './commands/completion.js';
import { doctorCommand } from './commands/doctor.js';
import { driftCommand } from './commands/drift.js';
import { evaluateCommand } from './commands/evaluate.js';
import { explainCommand } from './commands/explain.js';
import { forecastCommand } from './commands/forecast.js';
import { importCommand } from './commands/import.js';
import { loadCommand } from './commands/load.js';
import { promoteCommand } from './commands/promote.js';
import { rollbackCommand } from './commands/rollback.js';
import { runsCommand } from './commands/runs.js';
import { sampleCommand } from './commands/sample.js';
import { scoreCommentsCommand } from './commands/score-comments.js';
import { scoreCommand } from './commands/score.js';
import { trainSentimentCommand } from './commands/train-sentiment.js';
import { syncCommand } from './commands/sync.js';
import { trainSuccessCommand } from './commands/train-success.js';
import { trainTableCommand } from './commands/train-table.js';
import { trainTrustCommand } from './commands/train-trust.js';
import { tuneCommand } from './commands/tune.js';
import type { CliSession } from './session.js';

/** The whole command line. */
export function program(session: CliSession): Command {
  const train = new Command('train')
    .description('train, judge and release a champion')
    .addCommand(trainTrustCommand(session))
    .addCommand(trainSentimentCommand(session))
    .addCommand(trainSuccessCommand(session))
    .addCommand(trainTableCommand(session));
  const scoreFile = scoreCommand(session);
  const score = new Command('score')
    .description('score a file with any model, or the comments of the lakehouse')
    .addCommand(scoreFile, { isDefault: true })
    .addCommand(scoreCommentsCommand(session))
    // Who asks for help about kol score means the file.
    .addHelpText('after', () => `\n${scoreFile.helpInformation()}`);
  const root = new Command('kol')
    .description('train, evaluate and release the models of a KOL analytics platform')
    .version(toolkitVersion)
    // Else the root would take `--version 2` of `kol promote` for its own.
    .enablePositionalOptions()
    .addCommand(train)
    .addCommand(tuneCommand(session))
    .addCommand(forecastCommand(session))
    .addCommand(score)
    .addCommand(evaluateCommand(session))
    .addCommand(explainCommand(session))
    .addCommand(driftCommand(session))
    .addCommand(runsCommand(session))
    .addCommand(compareCommand(session))
    .addCommand(syncCommand(session))
    .addCommand(promoteCommand(session))
    .addCommand(rollbackCommand(session))
    .addCommand(sampleCommand(session))
    .addCommand(importCommand(session))
    .addCommand(loadCommand(session))
    .addCommand(doctorCommand(session))
    .addCommand(completionCommand(session))
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 failed inside, 2 wrong usage, 3 bad data, 4 the gate
said no, 5 service unreachable, 130 interrupted.
Environment: KOL_LAKEHOUSE (default ./lakehouse), KOL_STORE (runs and models,
default ./.kol), KOL_DEBUG=1 for stack traces; TRINO_URL, TRINO_USER,
TRINO_PASSWORD or TRINO_TOKEN (or …_FILE), TRINO_CA_FILE, TRINO_CATALOG for the
platform's lakehouse instead; MLFLOW_TRACKING_URI and its fellows for MLflow, to
which trainings are sent. kol doctor tries whatever is set.

Begin with:
  kol train trust
  kol train sentiment
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
