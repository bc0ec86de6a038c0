import type { Table } from '../core/table.js';
import { drawChart, type DrawableChart } from './draw-chart.js';
import { type PlainRows, tableHtml } from './table-html.js';

/** What a notebook's kernel offers to show things: `display` of tslab, or anything like it. */
export interface KernelDisplay {
  /** Shows a piece of HTML below the cell. */
  html(text: string): void;
  /** Shows a picture below the cell. */
  svg(text: string): void;
}

/** What shows charts and tables below a cell. */
export interface NotebookDisplay {
  /** Draws charts, one below the other. */
  charts(...charts: readonly DrawableChart[]): Promise<void>;
  /** Lists the first rows of a table. */
  table(rows: Table | PlainRows, limit?: number): void;
}

/**
 * Shows charts (`image/svg+xml`) and tables (`text/html`) below the cell of a notebook. What is shown holds no script,
 * so that it is seen in every viewer, trusted or not.
 * @example
 * const shown: string[] = [];
 * const { table } = notebookDisplay({ html: (text) => shown.push(text), svg: (text) => shown.push(text) });
 * table([{ platform: 'tiktok', kols: 214 }]);
 * shown[0].includes('<td style="text-align:right">214</td>') // true
 */
export function notebookDisplay(kernel: KernelDisplay): NotebookDisplay {
  return {
    async charts(...charts) {
      for (const chart of charts) kernel.svg(await drawChart(chart));
    },
    table(rows, limit) {
      kernel.html(tableHtml(rows, limit));
    },
  };
}
