import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as surface from '../../src/index.js';

const source = new URL('../../src/', import.meta.url);

interface Example {
  readonly file: string;
  readonly code: string;
}

/** Examples of the docstrings: code whose last line may end in `// what it gives`. */
function examplesOf(file: string): Example[] {
  const text = readFileSync(new URL(file, source), 'utf8');
  return Array.from(text.matchAll(/@example\b([\s\S]*?)(?=\n\s*\*\s*@|\*\/)/g), ([, body]) => ({
    file,
    code: body.replace(/^\s*\* ?/gm, '').trim(),
  }));
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const examples = files
  .filter((name) => !name.includes('assembly'))
  .sort()
  .flatMap(examplesOf);

describe('examples in docstrings', () => {
  it('are found', () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  it.each(examples)('$file: $code', async ({ file, code }) => {
    const { before, last, wanted } = partsOf(code);
    const module = (await import(new URL(file, source).href)) as Record<string, unknown>;
    const scope = { ...surface, ...module, rng: surface.createRng(1) };
    const script = ts.transpile(`${before}\nreturn (${last});`, { target: ts.ScriptTarget.ES2022 });
    const { constructor: AsyncFunction } = (async () => {}) as unknown as {
      constructor: new (...parts: string[]) => (...values: unknown[]) => Promise<unknown>;
    };
    // A file of the reader's: the example must be a program, but cannot run.
    if (code.includes('readFile(')) return void new AsyncFunction(script);
    const given = await new AsyncFunction(...Object.keys(scope), script)(...Object.values(scope));
    if (wanted !== undefined) expect(shortened(given, wanted)).toEqual(wanted);
  });
});

/**
 * `0.7071…` is the beginning of a number; `3, 3` and `[3, 3]` are the values of an array. What is no value is a remark, and
 * the example only has to run.
 */
function partsOf(code: string): { before: string; last: string; wanted: unknown } {
  const [, head, comment] = /^([\s\S]*?)(?:\s*\/\/ ([^\n]*))?$/.exec(code)!;
  const statement = ts.createSourceFile('example.ts', head, ts.ScriptTarget.ES2022).statements.at(-1)!;
  if (!ts.isExpressionStatement(statement)) return { before: head, last: 'undefined', wanted: undefined };
  const begin = statement.getFullStart();
  const last = head.slice(begin).trim().replace(/;$/, '');
  return { before: head.slice(0, begin), last, wanted: comment === undefined ? undefined : valueOf(comment) };
}

function valueOf(comment: string): unknown {
  if (/^-?[\d.]+…$/.test(comment)) return comment;
  if (/^[\d.-]+(, [\d.-]+)+$/.test(comment)) return comment.split(', ').map(Number);
  try {
    return JSON.parse(comment.replaceAll("'", '"').replace(/(\w+):/g, '"$1":')) as unknown;
  } catch {
    return undefined;
  }
}

function shortened(given: unknown, wanted: unknown): unknown {
  if (typeof wanted === 'string' && wanted.endsWith('…'))
    return `${String(given).slice(0, wanted.length - 1)}…`;
  if (ArrayBuffer.isView(given)) return Array.from(given as Float64Array, (value) => value + 0);
  return Array.isArray(given) ? given.map((one: unknown) => shortened(one, undefined)) : given;
}
