// The text of src/learners/kernels/assembly/histogram-kernels.ts: one unrolled loop for every number of columns that are
// summed side by side. AssemblyScript has no macros, and a loop over columns costs a third of the speed.
/** Columns summed in one pass at most: their histograms fill a 32 KiB first-level cache. */
const mostNarrow = 14;
const mostWide = 8;
const binsPerColumn = 256;

/** @returns {string} AssemblyScript */
export function histogramKernels() {
  const lines = [
    '// Written by scripts/generate-histogram-kernels.js: do not edit.',
    '',
    '/** Columns that one pass over the rows sums at most. */',
    `export const mostNarrowColumns: i32 = ${mostNarrow};`,
    `export const mostWideColumns: i32 = ${mostWide};`,
  ];

  for (const [kind, most, entry] of [
    ['Narrow', mostNarrow, 8],
    ['Wide', mostWide, 16],
  ]) {
    const shift = Math.log2(entry);
    for (let width = 1; width <= most; width++) {
      lines.push(
        '',
        `function sum${kind}${width}(rows: usize, stride: usize, addends: usize, end: usize, histogram: usize): void {`,
        '  while (addends < end) {',
        kind === 'Narrow'
          ? '    const addend = load<i64>(addends);'
          : '    const addend = v128.load(addends);',
      );
      for (let k = 0; k < width; k++) {
        const offset = k * binsPerColumn * entry;
        lines.push(`    const p${k} = histogram + ((<usize>load<u8>(rows, ${k})) << ${shift});`);
        lines.push(
          kind === 'Narrow'
            ? `    store<i64>(p${k}, load<i64>(p${k}, ${offset}) + addend, ${offset});`
            : `    v128.store(p${k}, i64x2.add(v128.load(p${k}, ${offset}), addend), ${offset});`,
        );
      }
      lines.push(`    addends += ${entry};`, '    rows += stride;', '  }', '}');
    }
    lines.push(
      '',
      `/** Adds the addends \`[addends, end)\` to the histograms of \`width\` neighbouring columns, \`${entry}\` bytes a bin. */`,
      `export function sum${kind}(width: i32, rows: usize, stride: usize, addends: usize, end: usize, histogram: usize): void {`,
      '  switch (width) {',
    );
    for (let width = 1; width <= most; width++) {
      lines.push(
        `    case ${width}:`,
        `      sum${kind}${width}(rows, stride, addends, end, histogram);`,
        '      break;',
      );
    }
    lines.push('  }', '}');
  }

  return `${lines.join('\n')}\n`;
}
