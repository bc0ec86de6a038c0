import type { Command } from 'commander';

/** A command by its words, and what may follow. */
interface Place {
  readonly words: string;
  readonly next: readonly string[];
}

function placesOf(command: Command, before: readonly string[] = []): Place[] {
  const options = command.options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : []));
  return [
    {
      words: before.join(' '),
      next: [...command.commands.map((sub) => sub.name()), ...options, '--help'],
    },
    ...command.commands.flatMap((sub) => placesOf(sub, [...before, sub.name()])),
  ];
}

/** Shells that a completion can be written for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A script for the shell: commands and options, and files where those end. */
export function completionScript(root: Command, shell: Shell): string {
  const places = placesOf(root);
  return shell === 'fish' ? fishScript(places) : bashScript(places, shell);
}

function bashScript(places: readonly Place[], shell: 'bash' | 'zsh'): string {
  const cases = places.map(({ words, next }) => `    '${words}') next='${next.join(' ')}' ;;`);
  return [
    `# Completion of kol; put it into your shell's start-up file: eval "$(kol completion ${shell})"`,
    // Zsh runs the completions of bash.
    ...(shell === 'zsh' ? ['autoload -Uz +X compinit bashcompinit && compinit && bashcompinit'] : []),
    '_kol() {',
    '  local place="" next="" word i',
    '  COMPREPLY=()',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    word="${COMP_WORDS[i]}"',
    '    case "$word" in -*) break ;; esac',
    '    place="${place:+$place }$word"',
    '  done',
    '  case "$place" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$next" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _kol kol',
  ].join('\n');
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ words, next }) => {
    const seen = words
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => `__fish_seen_subcommand_from ${word}`);
    const under = words === '' ? '__fish_use_subcommand' : seen.join('; and ');
    return next.map((word) =>
      word.startsWith('--')
        ? `complete -c kol -n '${under}' -l ${word.slice(2)}`
        : `complete -c kol -n '${under}' -a ${word}`,
    );
  });
  return ['# Completion of kol: kol completion fish > ~/.config/fish/completions/kol.fish', ...lines].join(
    '\n',
  );
}
