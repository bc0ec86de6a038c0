import type { Lineage } from '../core/lineage.js';

/** A word of a command, or an option with its value; an option without one is left out. */
export type CommandPart = string | readonly [option: string, value: string | number | undefined];

/** A command as a shell takes it. */
export function commandLine(parts: readonly CommandPart[]): string {
  return parts
    .flatMap((part) => {
      if (typeof part === 'string') return [part];
      const [option, value] = part;
      return value === undefined ? [] : [option, quoted(String(value))];
    })
    .join(' ');
}

/** The options that pin what a training of the lakehouse read. */
export function pinnedOptions(
  {
    seed,
    folds,
    asOf,
  }: { readonly seed: number; readonly folds?: number; readonly asOf?: string | undefined },
  { sources }: Pick<Lineage, 'sources'>,
): CommandPart[] {
  return [
    ['--seed', seed],
    ['--folds', folds],
    ['--as-of', asOf],
    ...sources.map(({ name, id }) => ['--snapshot', `${name}=${id}`] as const),
  ];
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
