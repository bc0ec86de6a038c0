import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importCycles, parseModule, readModules, type Import, type SourceModule } from './imports.js';

/** The rooms, and which others each of them may import. Every room may import itself. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [],
  learners: ['core'],
  features: ['core'],
  evaluation: ['core'],
  ensemble: ['core', 'learners', 'evaluation'],
  champion: ['core', 'features', 'learners', 'ensemble', 'evaluation'],
  forecast: ['core', 'learners', 'ensemble', 'evaluation'],
  tuning: ['core', 'learners', 'ensemble', 'evaluation', 'champion'],
  onnx: ['core', 'features', 'learners', 'ensemble', 'champion'],
  sources: ['core'],
  registry: ['core'],
  spark: ['core', 'features', 'learners', 'champion', 'sources'],
  release: [
    ...['core', 'features', 'learners', 'ensemble', 'evaluation', 'champion', 'tuning', 'onnx', 'registry'],
  ],
  notebook: ['core', 'evaluation'],
  trust: everythingBelowTheDomains(),
  sentiment: everythingBelowTheDomains(),
  tabular: everythingBelowTheDomains(),
  success: everythingBelowTheDomains(),
};

function everythingBelowTheDomains(): readonly string[] {
  const learning = ['core', 'learners', 'features', 'evaluation', 'ensemble', 'champion', 'forecast'];
  return [...learning, 'onnx', 'sources', 'registry', 'release'];
}

/** Which sibling learners a learner may see. */
const learnerSiblings: Readonly<Record<string, readonly string[]>> = {
  tree: ['kernels'],
  gbm: ['tree', 'kernels'],
  'isolation-forest': ['tree', 'kernels'],
  text: ['linear'],
  encoding: ['linear'],
  forecast: ['linear', 'gbm'],
};

/** Rooms that neither read nor write files and know no network. */
const pureRooms = [
  'core',
  'learners',
  'features',
  'evaluation',
  'ensemble',
  'champion',
  'forecast',
  'tuning',
];

/** Files beside the rooms: a constant that all may read, and the doors. */
const constants = ['version.ts'];
const doors = ['index.ts', 'worker.ts', 'worker-pool.ts'];

const roomOf = (path: string): string => path.split('/')[0];

/** What is wrong with an import, or null. */
function wrongArrow(arrow: Import): string | null {
  const { from, to, typeOnly } = arrow;
  const [source, target] = [roomOf(from), roomOf(to)];
  const wrong = `${from} must not import ${to}`;
  if (constants.includes(to)) return null;
  if (source === 'cli') return doors.includes(to) || target in rooms || target === 'cli' ? null : wrong;
  if (doors.includes(from)) return doors.includes(to) || target in rooms ? null : wrong;
  if (!(source in rooms)) return `${from} lies in no known room`;
  if (source === 'learners' && target === 'learners') return wrongLearnerArrow(arrow) ? wrong : null;
  if (source === target) return null;
  if (!rooms[source].includes(target)) return wrong;
  // Exporters read fitted models; they have no business with how those are fitted.
  if (source === 'onnx' && target === 'learners' && !typeOnly && !to.startsWith('learners/tree/')) {
    return `${wrong} except for its types`;
  }
  return null;
}

function wrongLearnerArrow({ from, to }: Import): boolean {
  const [source, target] = [from, to].map((path) => path.split('/').slice(1, -1).at(0) ?? '');
  // What lies in learners/ itself is the contract of all of them.
  if (target === '') return false;
  return source !== target && !(learnerSiblings[source] ?? []).includes(target);
}

/** Every broken rule, in words. */
function violations(modules: readonly SourceModule[]): string[] {
  const known = new Set(modules.map(({ path }) => path));
  return modules.flatMap(({ path, lines, imports, packages, exportsStar, readsEnvironment }) => {
    const found = imports.map(wrongArrow).filter((wrong) => wrong !== null);
    for (const { to } of imports)
      if (!known.has(to)) found.push(`${path} imports ${to}, which is no source file`);
    if (lines > 500) found.push(`${path} has ${lines} lines, the limit is 500`);
    if (exportsStar) found.push(`${path} must name what it exports instead of *`);
    if (/(^|\/)(utils?|helpers?|common|misc)(\.ts|\/)/.test(path))
      found.push(`${path} must be named by its concept`);
    if (readsEnvironment && roomOf(path) !== 'cli') found.push(`${path} must not read process.env`);
    const outside = packages.filter((name) =>
      /^(node:)?(fs|http|https|http2|net|tls|dgram|child_process)(\/|$)/.test(name),
    );
    if (pureRooms.includes(roomOf(path)))
      found.push(...outside.map((name) => `${path} must not import ${name}`));
    return found;
  });
}

describe('the architecture', () => {
  const modules = readModules(fileURLToPath(new URL('../src', import.meta.url)));

  it('keeps its rules', () => {
    expect(modules.length).toBeGreaterThan(20);
    expect(modules.flatMap(({ imports }) => imports).length).toBeGreaterThan(50);
    expect(violations(modules)).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(importCycles(modules)).toEqual([]);
  });

  it('lets no room reach itself through others', () => {
    const roomModules = Object.entries(rooms).map(([room, targets]): SourceModule => ({
      ...parseModule(room, ''),
      imports: targets.map((to) => ({ from: room, to, typeOnly: false })),
    }));
    expect(importCycles(roomModules)).toEqual([]);
  });
});

describe('the rules', () => {
  /** What the rules say about one file that imports others, all of which exist. */
  function verdict(path: string, text: string): string[] {
    const module = parseModule(path, text);
    const targets = module.imports
      .map(({ to }) => parseModule(to, ''))
      .filter((target) => target.path !== path);
    return violations([module, ...targets]);
  }

  it.each([
    ['learners/gbm/split.ts', "import type { Trees } from '../tree/trees.js';"],
    ['learners/text/fit.ts', "import { fitLinear } from '../linear/fit.js';"],
    ['learners/gbm/fit.ts', "import { checkTargets } from '../validate.js';"],
    ['onnx/gbm.ts', "import type { Model } from '../learners/gbm/model.js';"],
    ['onnx/gbm.ts', "import { type Model } from '../learners/gbm/model.js';"],
    ['onnx/trees.ts', "import { depth } from '../learners/tree/trees.js';"],
    [
      'trust/pipeline.ts',
      "import { fit } from '../champion/fit.js'; import { save } from '../release/model-store.js';",
    ],
    ['cli/main.ts', "import { run } from '../trust/pipeline.js'; export const token = process.env.TOKEN;"],
    ['index.ts', "export { run } from './trust/pipeline.js';"],
    ['release/card.ts', "import { toolkitVersion } from '../version.js';"],
    ['registry/writer.ts', "import { readFile } from 'node:fs/promises'; export const { pid } = process;"],
  ])('allow %s: %s', (path, text) => {
    expect(verdict(path, text)).toEqual([]);
  });

  it.each([
    ['core/rng.ts', "import { fit } from '../learners/gbm/fit.js';"],
    ['core/rng.ts', "import type { Model } from '../learners/gbm/model.js';"],
    ['core/rng.ts', "export type Model = import('../learners/gbm/model.js').Model;"],
    ['core/rng.ts', "export { fit } from '../learners/gbm/fit.js';"],
    ['core/rng.ts', "export const fit = () => import('../learners/gbm/fit.js');"],
    ['core/rng.ts', "import { readFileSync } from 'node:fs';"],
    ['learners/gbm/fit.ts', "import { fit } from '../isolation-forest/fit.js';"],
    ['learners/linear/fit.ts', "import { depth } from '../tree/trees.js';"],
    ['features/sql.ts', "import type { Trees } from '../learners/tree/trees.js';"],
    ['evaluation/report.ts', "import { stack } from '../ensemble/stack.js';"],
    ['ensemble/stack.ts', "import type { Feature } from '../features/expression.js';"],
    ['onnx/gbm.ts', "import { fit } from '../learners/gbm/fit.js';"],
    ['onnx/gbm.ts', "import { type Model, fit } from '../learners/gbm/fit.js';"],
    ['sources/trino.ts', "import { start } from '../registry/run-store.js';"],
    ['registry/mlflow.ts', "import { fit } from '../champion/fit.js';"],
    ['trust/pipeline.ts', "import { run } from '../success/pipeline.js';"],
    ['trust/pipeline.ts', "import { main } from '../cli/main.js';"],
    ['index.ts', "import { main } from './cli/main.js';"],
    ['core/rng.ts', "import { everything } from '../index.js';"],
    ['attic/old.ts', "import { fit } from '../core/rng.js';"],
    ['index.ts', "export * from './core/rng.js';"],
    ['index.ts', "export * as core from './core/rng.js';"],
    ['core/utils.ts', ''],
    ['core/helpers/text.ts', ''],
    ['core/rng.ts', 'export const seed = process.env.SEED;'],
    ['core/rng.ts', "export const seed = process['env'].SEED;"],
    ['core/rng.ts', 'const { env } = process;'],
    ['sources/s3.ts', "import { env } from 'node:process';"],
    ['core/rng.ts', '\n'.repeat(501)],
  ])('refuse %s: %s', (path, text) => {
    expect(verdict(path, text)).toHaveLength(1);
  });

  it('find an import of a file that is not there', () => {
    const module = parseModule('core/rng.ts', "import { x } from './gone.js';");
    expect(violations([module])).toEqual(['core/rng.ts imports core/gone.ts, which is no source file']);
  });

  it('find cycles of any length, and only those', () => {
    const graph = (edges: Record<string, string[]>): string[][] =>
      importCycles(
        Object.entries(edges).map(([path, targets]) =>
          parseModule(`core/${path}.ts`, targets.map((to) => `import './${to}.js';`).join('\n')),
        ),
      );
    expect(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })).toEqual([]);
    expect(graph({ a: ['a'] })).toEqual([['core/a.ts']]);
    expect(graph({ a: ['b'], b: ['c'], c: ['a'], d: ['a'] })).toEqual([
      ['core/a.ts', 'core/b.ts', 'core/c.ts'],
    ]);
    expect(graph({ a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] })).toEqual([
      ['core/c.ts', 'core/d.ts'],
      ['core/a.ts', 'core/b.ts'],
    ]);
  });
});
