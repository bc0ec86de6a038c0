import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { compareBinary } from '../../src/evaluation/compare.js';
import { escapeHtml } from '../../src/evaluation/escape-html.js';
import { evaluateBinary, evaluateMulticlass, evaluateRegression } from '../../src/evaluation/evaluate.js';
import { formatDifference, formatNumber, formatShare } from '../../src/evaluation/format-number.js';
import type { Report } from '../../src/evaluation/report.js';
import type { ExplorerData } from '../../src/evaluation/threshold-explorer.js';
import { confusionAt } from '../../src/evaluation/threshold-metrics.js';
import { forecastFigures, type ForecastFigures } from '../../src/evaluation/forecast/figures.js';
import { figuresByPart, type PartFigures } from '../../src/evaluation/part-figures.js';
import { renderReport } from '../../src/evaluation/report-html.js';

/** Stands for the scripts that draw: what they do with the charts, test/evaluation/charts and browsers show. */
const runtime = 'var vega, vegaLite, expressionInterpreter;';
const render = (report: Report): string => renderReport(report, runtime);

const rng = createRng(3);
const fast = { rng, replicates: 20 };
const p = Array.from({ length: 300 }, () => rng.uniform());
const y: number[] = p.map((q) => (rng.uniform() < q ? 1 : 0));
const binary = evaluateBinary({ y, p, threshold: 0.5, ...fast });
const classes = y.map((label, i) => label + (i % 3 === 0 ? 1 : 0));

/** Parts called by a text: one that can be judged, one that is too small. */
function partsBy(text: string): PartFigures {
  return figuresByPart(
    text,
    { task: 'binary', y: Float64Array.from(y), p: Float64Array.from(p), threshold: 0.5 },
    p.map((_, i) => (i < 5 ? 'few' : text)),
  );
}

function forecastOf(text: string): ForecastFigures {
  return forecastFigures({
    title: text,
    note: text,
    metrics: [{ name: 'mase', label: text, value: 1, lower: 0.5, upper: 2, direction: 'lower' }],
    isCalendar: false,
    levels: [0.8],
    unit: text,
    ids: [text, `${text}2`],
    windows: [0, 1].map((series) => ({
      series,
      actual: [1, NaN, 3],
      yhat: [1, 2, 4],
      naive: [2, 2, 2],
      bounds: [{ lower: [0, 0, 3.5], upper: [2, 2, 5] }],
      scale: 1,
    })),
    pointsOf: () => [
      { at: '1', actual: 1, yhat: null, naive: null, lower: [null], upper: [null] },
      { at: '2', actual: null, yhat: 3, naive: null, lower: [2], upper: [4] },
    ],
  });
}

/** A report whose every free text is `text`. */
function reportOf(text: string): Report {
  return {
    title: text,
    subtitle: text,
    facts: [[text, text]],
    verdict: text,
    sections: [
      { title: text, note: text, evaluation: binary },
      {
        title: text,
        note: text,
        evaluation: evaluateRegression({
          y: p.map((v) => v * 1e4),
          prediction: p.map((v) => v * 9e3),
          ...fast,
        }),
      },
      {
        title: text,
        note: text,
        evaluation: evaluateMulticlass({
          y: classes,
          P: [0, 1, 2].map((k) => classes.map((c) => (c === k ? 0.5 : 0.25))),
          classes: [text, `${text}2`, `${text}3`],
          ...fast,
        }),
      },
    ],
    comparison: compareBinary({ y, a: p, b: p.map((v) => 1 - v), ...fast }),
    importance: [
      { feature: text, gain: 2 },
      { feature: 'age', gain: 1 },
    ],
    explanation: {
      unit: text,
      features: [
        { name: text, description: text, values: [1, null, 3], contributions: [0.5, -0.25, 0] },
        { name: 'text of bio', description: text, values: [null, null, null], contributions: [0, 0, 1] },
      ],
      examples: [{ key: text, score: 0.3, reasons: [{ name: text, value: null, contribution: -0.25 }] }],
    },
    parts: [partsBy(text), partsBy(`${text}2`)],
    decay: partsBy(text),
    drift: {
      nBefore: 10,
      nNow: 20,
      levels: [0.1, 0.25],
      inputs: [{ name: text, psi: 0.3, lower: 0.2, upper: 0.4, missingBefore: 0, missingNow: 0.5 }],
    },
    boosting: {
      base: text,
      loss: 'Log loss',
      nTrain: 10,
      nHeldOut: 5,
      points: [
        { rounds: 1, train: 0.7, heldOut: 0.7 },
        { rounds: 2, train: null, heldOut: 0.6 },
      ],
    },
    forecast: forecastOf(text),
    card: [
      { title: text, kind: 'words', text: [text], list: [text] },
      {
        title: 'figures only a card shows',
        kind: 'figures',
        text: [text],
        table: { head: [text], rows: [[text]] },
      },
    ],
    sources: [{ name: text, id: text, rows: 3, committedAt: text }],
    reproduce: [text],
    lineage: [[text, text]],
    howToUse: [text, text],
  };
}

/** The tags of a document, its texts taken out; fails on what is not well formed. */
function tags(html: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  const body = html.replace(/<(style|script)\b([^>]*)>[\s\S]*?<\/\1>/g, '<$1$2></$1>');
  for (const [tag, closing, name, empty] of body.matchAll(
    /<(\/?)([a-zA-Z!][a-zA-Z0-9]*)(?:[^<>"]|"[^"<>]*")*?(\/?)>/g,
  )) {
    found.push(tag.replace(/"[^"]*"/g, '""'));
    if (name === '!DOCTYPE' || name === 'meta' || name === 'input' || name === 'br' || empty === '/')
      continue;
    if (closing === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  return found;
}

/** What the page's script reads under that id. */
function dataOf(html: string, id: string): unknown {
  const found = new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`).exec(html);
  return JSON.parse(found?.[1] ?? '');
}

const hostile = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onload='alert(1)`,
  `</style></svg></title><iframe src="https://example.com">`,
  `&lt;b&gt; &amp; &#60;`,
  `<!-- -->]]>`,
];

describe('renderReport', () => {
  const plain = render(reportOf('plain'));

  it('is one well-formed document that asks for nothing and runs nothing but its own scripts', () => {
    const found = tags(plain);
    expect(
      found.filter((tag) => /^<(link|img|iframe|object|embed|image|use|base|form)\b/i.test(tag)),
    ).toEqual([]);
    const page = plain.replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, '');
    expect(page).not.toMatch(/https?:|url\(|@import|javascript:|\son\w+=|src=|href=(?!"#section-\d+")/i);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
    const scripts = [...plain.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text);
    expect(scripts).toHaveLength(2);
    const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    expect(plain).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}"`,
    );
  });
  it('has a place for every chart, with words for those who cannot see it', () => {
    const places = [
      ...plain.matchAll(/<div id="(chart-\d+)" class="chart" role="img" aria-label="([^"]+)"/g),
    ];
    expect(places.map(([, id]) => id)).toEqual(Object.keys(dataOf(plain, 'charts') as object));
    expect(places).toHaveLength(20);
    const tabled = [...plain.matchAll(/<details class="data" data-chart="(chart-\d+)">/g)];
    expect(tabled.map(([, id]) => id)).toEqual(places.map(([, id]) => id));
    for (const [, , label] of places) expect(label.split('. ').length).toBeGreaterThan(1);
    expect(plain).toMatch(/aria-label="ROC curve\. Area 0\.\d{4}/);
    const tables = plain.match(/<table[^>]*>(?!<tbody)/g) ?? [];
    expect(plain.match(/<caption>/g)).toHaveLength(tables.length);
  });
  it('names every section in its contents, and leaves figures of the card to the sections that show them', () => {
    const places = [...plain.matchAll(/<section id="(section-\d+)"/g)].map(([, id]) => id);
    const named = [...plain.matchAll(/<a href="#(section-\d+)">/g)].map(([, id]) => id);
    expect(places.length).toBeGreaterThan(12);
    expect(named).toEqual(places);
    expect(plain).not.toContain('figures only a card shows');
  });
  it('gives the threshold explorer every threshold, the operating one among them, and the charts that draw it', () => {
    const { rows, start, charts } = dataOf(plain, 'thresholds-1') as ExplorerData;
    expect(rows[start]).toEqual([
      0.5,
      ...(['tp', 'fp', 'tn', 'fn'] as const).map((cell) => binary.threshold[cell]),
    ]);
    expect(rows.map(([threshold]) => threshold)).toEqual(
      rows.map(([threshold]) => threshold).toSorted((a, b) => b - a),
    );
    for (const [threshold, ...cells] of rows) {
      const { tp, fp, tn, fn } = confusionAt(y, p, threshold);
      expect(cells).toEqual([tp, fp, tn, fn]);
    }
    const drawn = dataOf(plain, 'charts') as Record<string, { params?: unknown }>;
    expect(charts).toEqual(Object.keys(drawn).filter((id) => drawn[id].params !== undefined));
    expect(charts).toHaveLength(2);
  });
  it('shows the numbers it was given', () => {
    for (const { value, lower, upper } of binary.metrics) {
      expect(plain).toContain(`<td class="number">${formatNumber(value)}</td>`);
      expect(plain).toContain(`${formatNumber(lower)} to ${formatNumber(upper)}`);
    }
    expect(plain).toContain('<span class="better">better</span>');
    expect(plain).toContain('66.7 %');
  });
  it.each(hostile)('shows %s as text', (text) => {
    const html = render(reportOf(text));
    expect(tags(html)).toEqual(tags(plain));
    expect(html).toContain(`<h1>${escapeHtml(text)}</h1>`);
  });
  it('gives the same bytes for the same report', () => {
    const report = reportOf('same');
    expect(render(report)).toBe(render(JSON.parse(JSON.stringify(report)) as Report));
  });
  it('leaves out what is empty', () => {
    const html = render({
      title: 'bare',
      subtitle: '',
      facts: [],
      verdict: '',
      sections: [],
      comparison: [],
      importance: [],
      lineage: [],
      howToUse: [],
    });
    expect(html.replace(/<script>[\s\S]*?<\/script>/g, '')).not.toMatch(/<section|<table|<dl/);
  });
  it('draws evaluations at the edge: separated classes, nothing called positive, constant predictions', () => {
    const separated = evaluateBinary({ y: [0, 0, 1], p: [0, 0, 1], threshold: 2, ...fast });
    const constant = evaluateRegression({ y: [1, 2, 3], prediction: [2, 2, 2], ...fast });
    const exact = evaluateRegression({ y: [1, 2], prediction: [1, 2], ...fast });
    const sections = [separated, constant, exact].map((evaluation) => ({ title: 't', note: '', evaluation }));
    const html = render({ ...reportOf('edge'), sections });
    tags(html);
    expect(html.replace(/<script>[\s\S]*?<\/script>/g, '')).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('escapeHtml', () => {
  it('leaves nothing that could end a text or an attribute, and loses nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        expect(escaped.isWellFormed()).toBe(true);
        const back = escaped.replace(
          /&(amp|lt|gt|quot|#39);/g,
          (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
        );
        expect(back).toHaveLength(text.length);
      }),
    );
    expect(escapeHtml('\u0000a\u202eb\ud800')).toBe('\ufffda\ufffdb\ufffd');
    expect(escapeHtml('Đánh giá 👍')).toBe('Đánh giá 👍');
  });
});

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [0.12345, '0.1235'],
    [-0.5, '−0.5000'],
    [1, '1'],
    [36.04365, '36.044'],
    [33694, '33,694'],
    [1234567.8, '1,234,568'],
    [0.000012345, '1.23 × 10^-5'],
    [1e20, '1.00 × 10^20'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ])('%d', (x, text) => {
    expect(formatNumber(x)).toBe(text);
  });
  it('marks differences and shares', () => {
    expect([0.01, 0, -0.01].map(formatDifference)).toEqual(['+0.0100', '0', '−0.0100']);
    expect(formatShare(0.12345)).toBe('12.3 %');
  });
});
