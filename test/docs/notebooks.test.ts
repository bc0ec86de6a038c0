import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

const folder = new URL('../../notebooks/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
const cellsOf = (name: string): readonly Cell[] =>
  (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { cells: readonly Cell[] }).cells;

describe('the notebooks', () => {
  it('are there', () => {
    expect(names.length).toBeGreaterThanOrEqual(5);
  });

  it.each(names)('%s is committed without outputs', (name) => {
    const kept = cellsOf(name).filter(
      ({ outputs = [], execution_count = null }) => outputs.length > 0 || execution_count !== null,
    );
    expect(kept, 'clear all outputs before you commit').toEqual([]);
  });

  it.each(names)('%s imports the public package, tslab and Node alone', (name) => {
    const imports = cellsOf(name)
      .filter(({ cell_type }) => cell_type === 'code')
      .flatMap(({ source }) =>
        Array.from(
          [source]
            .flat()
            .join('')
            .matchAll(/from '([^']+)'/g),
          ([, from]) => from,
        ),
      );
    expect(imports).toContain('kol-trainer');
    expect(imports.filter((from) => !/^(kol-trainer|tslab|node:[\w/]+)$/.test(from))).toEqual([]);
  });
});
