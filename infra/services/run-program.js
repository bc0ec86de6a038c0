import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';

/** Whether a program lies in the search path, and where. */
export function findProgram(name, path = process.env.PATH ?? '') {
  const folder = path.split(delimiter).find((each) => each !== '' && existsSync(join(each, name)));
  return folder === undefined ? null : join(folder, name);
}

/**
 * Runs a program to its end and returns what it wrote to standard output.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { input?: string, install?: string }} options `install`: how to get the program
 * @returns {Promise<string>}
 */
export function runProgram(program, args, { input, install, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (complaint = (complaint + data).slice(-4000)));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', (cause) => {
      const hint =
        cause.code === 'ENOENT'
          ? `${program} is not installed${install ? `: ${install}` : ''}`
          : cause.message;
      reject(new Error(hint, { cause }));
    });
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const tail = `${complaint}${output}`.trim().split('\n').slice(-15).join('\n');
      reject(new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${signal ?? code}\n${tail}`));
    });
  });
}
