import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The folder of a package's builds: its exports name the module only, beside which the browser's file lies. */
function builds(name: string): string {
  return dirname(require.resolve(name));
}

let loaded: Promise<string> | undefined;

/**
 * The scripts that draw Vega-Lite charts in a browser, as one text that defines `vega`, `vegaLite` and
 * `expressionInterpreter`. About 780 kB.
 */
export function chartRuntime(): Promise<string> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<string> {
  const files = [
    join(builds('vega'), 'vega.min.js'),
    join(builds('vega-lite'), 'vega-lite.min.js'),
    join(builds('vega-interpreter'), 'vega-interpreter.js'),
  ];
  const [vega, vegaLite, interpreter] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  // The interpreter comes as a module alone; what it imports, vega has.
  const asScript = interpreter
    .replace(/^import (\{[^}]*\}) from 'vega-util';$/m, 'const $1 = vega;')
    .replace(
      /^export \{ expression as expressionInterpreter \};$/m,
      'globalThis.expressionInterpreter = expression;',
    );
  return [vega, vegaLite, `(() => {${asScript}\n})();`]
    .map((text) => text.replace(/^\/\/# sourceMappingURL=.*$/gm, ''))
    .join('\n');
}
