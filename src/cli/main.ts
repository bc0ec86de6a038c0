#!/usr/bin/env node
import { CommanderError } from 'commander';
import { KolError } from '../core/errors.js';
import { readEnvironment, type Environment } from './environment.js';
import { exitCodeOf } from './exit-code.js';
import { program } from './program.js';
import { cliSession } from './session.js';
import { terminalProgress } from './terminal-progress.js';

const environment = environmentOrExit();
const interruption = new AbortController();

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // A second signal ends what does not listen to the first.
    if (interruption.signal.aborted) process.exit(130);
    process.stderr.write('\nstopping …\n');
    interruption.abort(name);
  });
}
// Whoever reads our output may stop reading: `kol runs | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  const session = cliSession(environment, terminalProgress(environment.interactive), interruption.signal);
  await program(session).parseAsync(process.argv);
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (!(error instanceof CommanderError)) report(error);
}

function environmentOrExit(): Environment {
  try {
    return readEnvironment();
  } catch (error) {
    process.stderr.write(`kol: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(exitCodeOf(error));
  }
}

function report(error: unknown): void {
  if (error instanceof KolError) process.stderr.write(`kol: ${error.message}\n`);
  else
    process.stderr.write(`kol: failed inside: ${error instanceof Error ? error.message : String(error)}\n`);
  if (environment.debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  else if (!(error instanceof KolError))
    process.stderr.write('This is a defect; KOL_DEBUG=1 shows where it happened.\n');
}
