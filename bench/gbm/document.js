// Sections of docs/benchmarks.md that the bench writes itself, each between two marks.
import { readFileSync, writeFileSync } from 'node:fs';

const begin = (part) => `<!-- bench-gbm ${part}: written by bench/gbm/run.js --write, not by hand -->`;
const end = (part) => `<!-- end of bench-gbm ${part} -->`;

/** Replaces the section of a part; one that is not there yet is put at the end. */
export function writeSection(file, part, text) {
  const document = readFileSync(file, 'utf8');
  const section = `${begin(part)}\n${text.trim()}\n${end(part)}`;
  const from = document.indexOf(begin(part));
  const to = document.indexOf(end(part), from);
  if (from >= 0 && to < 0) throw new Error(`${file}: the section ${part} has no end mark`);
  writeFileSync(
    file,
    from < 0
      ? `${document.trimEnd()}\n\n${section}\n`
      : document.slice(0, from) + section + document.slice(to + end(part).length),
  );
}
