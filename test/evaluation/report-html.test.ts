import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { compareBinary } from '../../src/evaluation/compare.js';
import { escapeHtml } from '../../src/evaluation/escape-html.js';
import { evaluateBinary, evaluateMulticlass, evaluateRegression } from '../../src/evaluation/evaluate.js';
import { formatDifference, formatNumber, formatShare } from '../../src/evaluation/format-number.js';
import type { Report } from '../../src/evaluation/report.js';
import { renderReport } from '../../src/evaluation/report-html.js';
import { renderChart, ticks } from '../../src/evaluation/svg-chart.js';

const rng = createRng(3);
const fast = { rng, replicates: 20 };
const p = Array.from({ length: 300 }, () => rng.uniform());
const y: number[] = p.map((q) => (rng.uniform() < q ? 1 : 0));
const binary = evaluateBinary({ y, p, threshold: 0.5, ...fast });
const classes = y.map((label, i) => label + (i % 3 === 0 ? 1 : 0));

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
    lineage: [[text, text]],
    howToUse: [text, text],
  };
}

/** The tags of a document, its texts taken out; fails on what is not well formed. */
function tags(html: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  const body = html.replace(/<style>[\s\S]*?<\/style>/, '');
  for (const [tag, closing, name, empty] of body.matchAll(
    /<(\/?)([a-zA-Z!][a-zA-Z0-9]*)(?:[^<>"]|"[^"<>]*")*?(\/?)>/g,
  )) {
    found.push(tag.replace(/"[^"]*"/g, '""'));
    if (name === '!DOCTYPE' || name === 'meta' || empty === '/') continue;
    if (closing === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  return found;
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
  const plain = renderReport(reportOf('plain'));

  it('is one well-formed document that asks for nothing and runs nothing', () => {
    const found = tags(plain);
    expect(
      found.filter((tag) => /^<(script|link|img|iframe|object|embed|image|use|a|base|form)\b/i.test(tag)),
    ).toEqual([]);
    expect(plain).not.toMatch(/https?:|url\(|@import|javascript:|\son\w+=|(src|href)=/i);
    expect(plain).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(plain).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });
  it('draws every chart, with words for those who cannot see it', () => {
    const labels = [...plain.matchAll(/<svg [^>]*role="img" aria-label="([^"]+)"/g)].map(
      ([, label]) => label,
    );
    expect(labels).toHaveLength(6);
    for (const label of labels) expect(label.split('. ').length).toBeGreaterThan(1);
    expect(plain).toMatch(/aria-label="ROC curve\. Area 0\.\d{4}/);
    const tables = plain.match(/<table[^>]*>(?!<tbody)/g) ?? [];
    expect(plain.match(/<caption>/g)).toHaveLength(tables.length);
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
    const html = renderReport(reportOf(text));
    expect(tags(html)).toEqual(tags(plain));
    expect(html).toContain(`<h1>${escapeHtml(text)}</h1>`);
  });
  it('gives the same bytes for the same report', () => {
    const report = reportOf('same');
    expect(renderReport(report)).toBe(renderReport(JSON.parse(JSON.stringify(report)) as Report));
  });
  it('leaves out what is empty', () => {
    const html = renderReport({
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
    expect(html).not.toMatch(/<section|<table|<dl/);
  });
  it('draws evaluations at the edge: separated classes, nothing called positive, constant predictions', () => {
    const separated = evaluateBinary({ y: [0, 0, 1], p: [0, 0, 1], threshold: 2, ...fast });
    const constant = evaluateRegression({ y: [1, 2, 3], prediction: [2, 2, 2], ...fast });
    const exact = evaluateRegression({ y: [1, 2], prediction: [1, 2], ...fast });
    const sections = [separated, constant, exact].map((evaluation) => ({ title: 't', note: '', evaluation }));
    const html = renderReport({ ...reportOf('edge'), sections });
    tags(html);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
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

describe('svg chart', () => {
  it('puts few round ticks inside the domain', () => {
    expect(ticks([0, 1]).map((t) => t.toFixed(1))).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(ticks([3, 3])).toEqual([3]);
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        (low, width) => {
          const at = ticks([low, low + width]);
          expect(at.length).toBeGreaterThanOrEqual(2);
          expect(at.length).toBeLessThanOrEqual(7);
          for (const t of at) {
            expect(t).toBeGreaterThanOrEqual(low - 1e-6 * width - 1e-6);
            expect(t).toBeLessThanOrEqual(low + width + 1e-6 * width + 1e-6);
          }
        },
      ),
    );
  });
  it('puts values where the axes say', () => {
    const axis = { label: 'v', domain: [0, 10] as const, format: String };
    const svg = renderChart({
      title: 't',
      description: 'd',
      x: axis,
      y: axis,
      layers: [
        {
          mark: 'line',
          tone: 'first',
          points: [
            [0, 0],
            [10, 10],
          ],
        },
      ],
    });
    expect(svg).toContain('<path class="line first" d="M52 226L348 10"/>');
  });
});
