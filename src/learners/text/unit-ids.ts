import type { TfidfAnalyzer } from './model.js';
import { unitRuns, wordEnd, wordStart, words } from './tokenize.js';

/** Stands between two runs, and for a unit that is not in the table. */
export const noUnit = -1;

/** Numbers the units (words or characters) of texts from 0 on. */
export interface UnitIds {
  /** `[nUnits]` the unit of every id. */
  names(): readonly string[];
  /**
   * The ids of a text's units in order, `noUnit` behind every run.
   * @param text sanitised
   * @returns a view that the next call overwrites
   */
  encode(text: string): Int32Array;
}

/**
 * A table of units.
 * @param known the units in the order of their ids; when left out, every unit that comes gets the next id
 */
export function unitIds(analyzer: TfidfAnalyzer, known?: readonly string[]): UnitIds {
  const names: string[] = known === undefined ? [] : [...known];
  const isOpen = known === undefined;
  let buffer = new Int32Array(1024);

  function reserve(size: number): void {
    if (size > buffer.length) buffer = new Int32Array(2 * size);
  }

  if (analyzer.unit === 'word') {
    const ids = new Map(names.map((name, id) => [name, id]));
    return {
      names: () => names,
      encode(text) {
        const [run] = unitRuns(text, analyzer);
        reserve(run.length + 1);
        run.forEach((word, i) => {
          let id = ids.get(word);
          if (id === undefined && isOpen) {
            id = names.push(word) - 1;
            ids.set(word, id);
          }
          buffer[i] = id ?? noUnit;
        });
        buffer[run.length] = noUnit;
        return buffer.subarray(0, run.length + 1);
      },
    };
  }

  // Sanitised characters are single UTF-16 units: a table over all of them is faster than a map.
  const ids = new Int32Array(2 ** 16).fill(noUnit);
  names.forEach((name, id) => (ids[name.charCodeAt(0)] = id));
  function idOf(code: number): number {
    if (ids[code] === noUnit && isOpen) ids[code] = names.push(String.fromCharCode(code)) - 1;
    return ids[code];
  }
  return {
    names: () => names,
    encode(text) {
      let size = 0;
      for (const word of words(text, analyzer.maxLength)) {
        reserveKeeping(size + word.length + 3);
        buffer[size++] = idOf(wordStart.charCodeAt(0));
        for (let i = 0; i < word.length; i++) buffer[size++] = idOf(word.charCodeAt(i));
        buffer[size++] = idOf(wordEnd.charCodeAt(0));
        buffer[size++] = noUnit;
      }
      return buffer.subarray(0, size);
    },
  };

  function reserveKeeping(size: number): void {
    if (size <= buffer.length) return;
    const wider = new Int32Array(2 * size);
    wider.set(buffer);
    buffer = wider;
  }
}
