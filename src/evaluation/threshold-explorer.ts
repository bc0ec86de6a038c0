import type { BinaryEvaluation } from './evaluate.js';

/** What the script of the page needs to move the threshold. */
export interface ExplorerData {
  /** Threshold, tp, fp, tn, fn; the highest threshold first. */
  readonly rows: readonly (readonly [number, number, number, number, number])[];
  /** Places of the charts that draw the threshold. */
  readonly charts: readonly string[];
  /** The row of the operating threshold. */
  readonly start: number;
}

/** The thresholds to choose from: those of the table, and the operating one. */
export function explorerData(
  { threshold: operating, curves }: BinaryEvaluation,
  charts: readonly string[],
): ExplorerData {
  const { threshold, tp, fp, tn, fn } = operating;
  const rows = curves.thresholds
    .map((row) => [row.threshold, row.tp, row.fp, row.tn, row.fn] as const)
    .filter(([at]) => at !== threshold);
  const start = rows.filter(([at]) => at > threshold).length;
  return {
    rows: [...rows.slice(0, start), [threshold, tp, fp, tn, fn], ...rows.slice(start)],
    charts,
    start,
  };
}

/** The slider and what follows from it; hidden until the script of the page takes it up. */
export function renderThresholdExplorer(id: string, { rows, start }: ExplorerData): string {
  const cell = (name: string): string => `<td class="number" data-out="${name}"></td>`;
  return `<div class="explorer" data-table="${id}" hidden>
<h3>Move the threshold</h3>
<div class="controls">
<label for="${id}-slider">Threshold <output data-out="threshold" for="${id}-slider"></output></label>
<input id="${id}-slider" type="range" min="0" max="${rows.length - 1}" step="1" value="${start}">
<button type="button">Back to the operating threshold</button>
<label for="${id}-volume">Rows scored a day</label>
<input id="${id}-volume" type="number" min="0" step="100" value="1000" inputmode="numeric">
</div>
<div class="tables" aria-live="polite">
<div class="scroll" tabindex="0"><table><caption>At this threshold</caption><tbody>
<tr><th scope="row">Precision</th>${cell('precision')}</tr>
<tr><th scope="row">Recall</th>${cell('recall')}</tr>
<tr><th scope="row">F1</th>${cell('f1')}</tr>
<tr><th scope="row">Negatives called positive</th>${cell('wrong')}</tr>
<tr><th scope="row">Called positive</th>${cell('flagged')}</tr>
</tbody></table></div>
<div class="scroll" tabindex="0"><table><caption>A day, were the rows like these</caption><tbody>
<tr><th scope="row">Alerts</th>${cell('alerts')}</tr>
<tr><th scope="row">of them false</th>${cell('false')}</tr>
<tr><th scope="row">Positives missed</th>${cell('missed')}</tr>
</tbody></table></div>
<div class="scroll" tabindex="0"><table><caption>Confusion on the judged rows</caption>
<thead><tr><th scope="col">Truth</th><th scope="col" class="number">Called positive</th><th scope="col" class="number">Called negative</th></tr></thead><tbody>
<tr><th scope="row">Positive</th>${cell('tp')}${cell('fn')}</tr>
<tr><th scope="row">Negative</th>${cell('fp')}${cell('tn')}</tr>
</tbody></table></div>
</div>
</div>`;
}
