import { Argument, Command } from 'commander';
import { completionScript, shells, type Shell } from '../completion-script.js';
import type { CliSession } from '../session.js';

/** `kol completion` */
export function completionCommand(session: CliSession): Command {
  return new Command('completion')
    .description('print the completion of a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText('after', '\nExample:\n  eval "$(kol completion bash)"')
    .action((shell: Shell, _options: unknown, command: Command) => {
      session.print(completionScript(command.parent ?? command, shell));
    });
}
