import type { Assessment } from '../champion/assess.js';
import type { Comparison } from '../evaluation/compare.js';
import type { Evaluation } from '../evaluation/evaluate.js';

/** Rows of text in aligned columns, the first one left-aligned. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A figure with its interval. */
export function figure({ value, lower, upper }: { value: number; lower: number; upper: number }): string {
  const largest = Math.max(Math.abs(value), Math.abs(lower), Math.abs(upper));
  const show = (x: number): string => {
    if (largest >= 1e7 || (largest > 0 && largest < 0.001)) return x.toExponential(2);
    return x.toFixed(largest >= 1_000 ? 0 : largest >= 100 ? 1 : 4);
  };
  return `${show(value)} [${show(lower)}, ${show(upper)}]`;
}

/** The metrics of one or more judgements side by side. */
export function metricsTable(
  columns: readonly { readonly title: string; readonly evaluation: Evaluation }[],
): string {
  const [first] = columns;
  return textTable([
    ['', ...columns.map(({ title }) => title)],
    ...first.evaluation.metrics.map(({ label, name }) => [
      `  ${label}`,
      ...columns.map(({ evaluation }) => {
        const found = evaluation.metrics.find((metric) => metric.name === name);
        return found === undefined ? '' : figure(found);
      }),
    ]),
  ]);
}

/** What each judgement stands for. */
export function notes(assessments: readonly Assessment[]): string {
  return assessments
    .map(({ title, note, nTrain, rows }) =>
      wrap(`${title}: ${rows.length} rows, judged by a model of ${nTrain} others: ${note}`),
    )
    .join('\n');
}

/**
 * One model against another, metric by metric.
 * @param rival what the other one is called
 */
export function comparisonTable(comparisons: readonly Comparison[], rival = 'champion'): string {
  return textTable([
    ['', 'this model', rival, 'difference', 'verdict'],
    ...comparisons.map((row) => [
      `  ${row.label}`,
      row.a.toFixed(4),
      row.b.toFixed(4),
      figure({ value: row.difference, lower: row.lower, upper: row.upper }),
      row.verdict === 'inconclusive' ? 'undecided' : row.verdict,
    ]),
  ]);
}

/** Text wrapped at `width` columns, each line after `indent`. */
export function wrap(text: string, width = 78, indent = '  '): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((content) => indent + content).join('\n');
}
