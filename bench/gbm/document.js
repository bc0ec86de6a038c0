// Sections of docs/benchmarks.md that a bench writes itself, each between two marks.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Replaces the section of a part; one that is not there yet is put at the end.
 * @param {string} bench folder of the bench under bench/
 */
export function writeSection(file, part, text, bench = 'gbm') {
  const begin = `<!-- bench-${bench} ${part}: written by bench/${bench}/run.js --write, not by hand -->`;
  const end = `<!-- end of bench-${bench} ${part} -->`;
  const document = readFileSync(file, 'utf8');
  const section = `${begin}\n${text.trim()}\n${end}`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from >= 0 && to < 0) throw new Error(`${file}: the section ${part} has no end mark`);
  writeFileSync(
    file,
    from < 0
      ? `${document.trimEnd()}\n\n${section}\n`
      : document.slice(0, from) + section + document.slice(to + end.length),
  );
}
