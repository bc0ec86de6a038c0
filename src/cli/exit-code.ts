import { CommanderError } from 'commander';
import { KolError, type ErrorCode } from '../core/errors.js';

const codes: Readonly<Record<ErrorCode, number>> = {
  config: 2,
  data: 3,
  export: 1,
  gate: 4,
  service: 5,
  interrupted: 130,
};

/** What the process ends with after `error`. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof KolError) return codes[error.code];
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return 1;
}
