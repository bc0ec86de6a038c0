import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.js';

/** Copies what a pom of this folder depends on; Maven's own copies of it are not kept. */
export async function copyDependencies(pom, target) {
  const repository = join(target, '.m2');
  await runProgram(
    'mvn',
    [
      ...['--quiet', '--batch-mode', '--file', fileURLToPath(new URL(pom, import.meta.url))],
      `-Dmaven.repo.local=${repository}`,
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
      ...[`-DoutputDirectory=${target}`, '-DincludeScope=runtime'],
    ],
    { install: 'apt-get install maven, or brew install maven' },
  );
  await rm(repository, { recursive: true, force: true });
}
