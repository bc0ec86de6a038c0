import { availableParallelism } from 'node:os';

/** What the environment says where no option does. The only reader of process.env. */
export interface Environment {
  /** Folder of runs and models. */
  readonly store: string;
  /** Folder of the embedded lakehouse. */
  readonly lakehouse: string;
  readonly threads: number;
  /** Whether errors show their stack. */
  readonly debug: boolean;
  /** Whether progress may redraw its line. */
  readonly interactive: boolean;
}

/** Reads the environment once, at the start. */
export function readEnvironment(): Environment {
  const { KOL_STORE, KOL_LAKEHOUSE, KOL_DEBUG, CI, NO_COLOR, TERM } = process.env;
  return {
    store: KOL_STORE ?? '.kol',
    lakehouse: KOL_LAKEHOUSE ?? 'lakehouse',
    threads: availableParallelism(),
    debug: KOL_DEBUG === '1',
    interactive: process.stderr.isTTY && CI === undefined && NO_COLOR === undefined && TERM !== 'dumb',
  };
}
