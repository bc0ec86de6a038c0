import type { SpawnOptions } from 'node:child_process';

/** Runs a program to its end and returns what it wrote to standard output. */
export function runProgram(
  program: string,
  args: readonly string[],
  options?: SpawnOptions & { readonly input?: string; readonly install?: string },
): Promise<string>;
