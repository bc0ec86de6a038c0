import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** Worker threads and the command line run from `dist`: bring it up to date before any test starts. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build-kernels.js'], { stdio: 'inherit' });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}
