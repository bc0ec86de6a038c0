import { describe, expect, it } from 'vitest';
import { Table } from '../../src/core/table.js';
import { binaryCharts } from '../../src/evaluation/charts/binary-charts.js';
import { evaluateBinary } from '../../src/evaluation/evaluate.js';
import { createRng } from '../../src/core/rng.js';
import { drawChart } from '../../src/notebook/draw-chart.js';
import { notebookDisplay } from '../../src/notebook/notebook-display.js';
import { tableHtml } from '../../src/notebook/table-html.js';

const hostile = '<script>alert("Đặng")</script>';

describe('drawChart', () => {
  it('draws every chart of a report with real colours, and says what it shows', async () => {
    const y = Array.from({ length: 400 }, (_, i) => i % 2);
    const p = y.map((label, i) => (label + ((i * 37) % 100) / 100) / 2);
    const charts = binaryCharts(evaluateBinary({ y, p, threshold: 0.5, rng: createRng(1), replicates: 20 }));
    for (const chart of charts) {
      const svg = await drawChart(chart, 400);
      expect(svg, chart.title).toMatch(/^<svg role="img"/);
      expect(svg, chart.title).toContain('<desc>');
      expect(svg, chart.title).not.toMatch(/var\(--|NaN|undefined/);
      expect(svg.match(/<path/g)!.length, chart.title).toBeGreaterThan(2);
    }
  });

  it('shows hostile texts as texts', async () => {
    const spec = {
      width: 'container',
      data: { values: [{ name: hostile, value: 1 }] },
      mark: 'bar',
      encoding: { y: { field: 'name' }, x: { field: 'value', type: 'quantitative' } },
    };
    const svg = await drawChart({ title: hostile, description: hostile, spec });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('Đặng');
  });
});

describe('tableHtml', () => {
  it('shows numbers, times, what is missing, and how many rows are left', () => {
    const table = Table.fromColumns({
      name: { type: 'string', values: [hostile, null, 'c'] },
      day: { type: 'timestamp', values: Float64Array.of(Date.UTC(2026, 0, 2), NaN, 0) },
      value: { type: 'number', values: Float64Array.of(1234.5678, NaN, 3) },
    });
    const html = tableHtml(table, 2);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('2026-01-02<');
    expect(html).toContain('1,235');
    expect(html.match(/–/g)).toHaveLength(3);
    expect(html).toContain('1 more rows');
  });
});

describe('notebookDisplay', () => {
  it('hands pictures and tables to the kernel in order', async () => {
    const shown: string[] = [];
    const show = notebookDisplay({ html: (text) => shown.push(text), svg: (text) => shown.push(text) });
    await show.charts({ title: 'a', description: 'b', spec: { data: { values: [{}] }, mark: 'point' } });
    show.table([{ a: 1 }]);
    expect(shown.map((text) => text.slice(0, 4))).toEqual(['<svg', '<tab']);
  });
});
