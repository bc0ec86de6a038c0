import { escapeHtml } from './escape-html.js';

/** A chart as data: what is drawn, not how. */
export interface Chart {
  readonly title: string;
  /** What the chart shows, for those who cannot see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Drawn in this order; the last lies on top. */
  readonly layers: readonly Layer[];
}

export interface Axis {
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly format: (value: number) => string;
}

/** `first` and `second` are the two data colours, `muted` is for what data is compared with. */
export type Tone = 'first' | 'second' | 'muted';

export type Layer = { readonly tone: Tone; readonly legend?: string } & (
  | { readonly mark: 'line' | 'dots' | 'area'; readonly points: readonly (readonly [x: number, y: number])[] }
  | {
      readonly mark: 'intervals';
      readonly points: readonly (readonly [x: number, lower: number, upper: number])[];
    }
  | { readonly mark: 'bars'; readonly points: readonly (readonly [from: number, to: number, y: number])[] }
);

const width = 360;
const height = 270;
const inner = { left: 52, right: 348, top: 10, bottom: 226 };

/** One `<figure>` with an inline SVG that takes its colours from the classes of the page. */
export function renderChart(chart: Chart): string {
  const place = (axis: Axis, from: number, to: number) => {
    const [low, high] = axis.domain;
    return (value: number): number => from + ((value - low) / (high - low || 1)) * (to - from);
  };
  const x = place(chart.x, inner.left, inner.right);
  const y = place(chart.y, inner.bottom, inner.top);
  const legends = chart.layers.filter((layer) => layer.legend !== undefined);
  return `<figure class="chart">
<figcaption>${escapeHtml(chart.title)}</figcaption>
${legends.length === 0 ? '' : `<ul class="legend">${legends.map(renderLegend).join('')}</ul>\n`}<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${chart.title}. ${chart.description}`)}">
${ticks(chart.x.domain)
  .map((t) => renderXTick(x(t), chart.x.format(t)))
  .join('')}
${ticks(chart.y.domain)
  .map((t) => renderYTick(y(t), chart.y.format(t)))
  .join('')}
${chart.layers.map((layer) => renderLayer(layer, x, y)).join('\n')}
<text class="axis" x="${(inner.left + inner.right) / 2}" y="${height - 8}" text-anchor="middle">${escapeHtml(chart.x.label)}</text>
<text class="axis" transform="translate(12 ${(inner.top + inner.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(chart.y.label)}</text>
</svg>
</figure>`;
}

type Scale = (value: number) => number;

function renderLayer(layer: Layer, x: Scale, y: Scale): string {
  switch (layer.mark) {
    case 'line':
      return `<path class="line ${layer.tone}" d="${path(layer.points, x, y)}"/>`;
    case 'area':
      return `<path class="area ${layer.tone}" d="${path(layer.points, x, y)}Z"/>`;
    case 'dots':
      return layer.points
        .map(
          ([px, py]) => `<circle class="dot ${layer.tone}" cx="${round(x(px))}" cy="${round(y(py))}" r="3"/>`,
        )
        .join('');
    case 'intervals':
      return layer.points
        .map(([px, lower, upper]) => {
          const at = round(x(px));
          return `<path class="line ${layer.tone}" d="M${at} ${round(y(lower))}V${round(y(upper))}"/>`;
        })
        .join('');
    case 'bars':
      return layer.points
        .map(([from, to, value]) => {
          const [left, top] = [round(x(from)), round(y(value))];
          const size = `width="${round(Math.max(0.5, x(to) - x(from) - 1))}" height="${round(y(0) - y(value))}"`;
          return `<rect class="bar ${layer.tone}" x="${left}" y="${top}" ${size}/>`;
        })
        .join('');
  }
}

function renderLegend({ tone, mark, legend = '' }: Layer): string {
  return `<li><span class="key ${tone} ${mark}"></span>${escapeHtml(legend)}</li>`;
}

function renderXTick(at: number, label: string): string {
  return `<path class="grid" d="M${round(at)} ${inner.top}V${inner.bottom}"/><text class="tick" x="${round(at)}" y="${inner.bottom + 16}" text-anchor="middle">${escapeHtml(label)}</text>`;
}

function renderYTick(at: number, label: string): string {
  return `<path class="grid" d="M${inner.left} ${round(at)}H${inner.right}"/><text class="tick" x="${inner.left - 6}" y="${round(at + 4)}" text-anchor="end">${escapeHtml(label)}</text>`;
}

function path(points: readonly (readonly [number, number])[], x: Scale, y: Scale): string {
  return points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${round(x(px))} ${round(y(py))}`).join('');
}

/** Four to seven round values inside the domain: steps of 1, 2 or 5 times a power of ten. */
export function ticks([low, high]: readonly [number, number]): readonly number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999) ?? 10 * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}
