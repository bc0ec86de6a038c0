import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

/** Replaces the section that a script of this folder writes; one that is not there yet is put at the end. */
export function writeSection(script, text) {
  const begin = `<!-- bench-success: written by bench/success/${script} --write, not by hand -->`;
  const end = `<!-- end of bench-success ${script} -->`;
  const document = readFileSync(file, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from >= 0 && to < 0) throw new Error(`${file}: the section of ${script} has no end mark`);
  const section = `${begin}\n${text.trim()}\n${end}`;
  writeFileSync(
    file,
    from < 0
      ? `${document.trimEnd()}\n\n${section}\n`
      : document.slice(0, from) + section + document.slice(to + end.length),
  );
}
