import { reportStyle } from '../evaluation/report-style.js';
import { escapeHtml } from '../evaluation/escape-html.js';

/** A chart as data: a Vega-Lite specification, with words for those who cannot see it. */
export interface DrawableChart {
  /** What the drawing is called. */
  readonly title: string;
  /** What it shows. */
  readonly description: string;
  /** Vega-Lite 6; a width of `container` is taken for the width asked for. */
  readonly spec: object;
}

/** Colours by the names that charts call them with, `var(--first)`: those of a report in daylight. */
const palette = new Map(
  Array.from(
    /:root\{([^}]*)\}/.exec(reportStyle)![1].matchAll(/--([\w-]+):(#[0-9a-f]+)/gi),
    ([, name, color]) => [name, color],
  ),
);

const config = {
  background: '#fff',
  font: 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  padding: 8,
  axis: {
    labelColor: 'var(--soft)',
    titleColor: 'var(--soft)',
    titleFontWeight: 'normal',
    gridColor: 'var(--line)',
    domainColor: 'var(--line)',
    tickColor: 'var(--line)',
    labelFontSize: 12,
    titleFontSize: 12,
    labelLimit: 260,
  },
  view: { stroke: null },
  title: { color: 'var(--ink)', anchor: 'start', fontSize: 14 },
  legend: { labelColor: 'var(--soft)', titleColor: 'var(--soft)', labelFontSize: 12 },
  range: { category: ['var(--first)', 'var(--second)', 'var(--good)', 'var(--bad)', 'var(--muted)'] },
} as const;

/**
 * Draws a chart as one SVG picture that needs nothing else: no script, no font of ours, no address. Its title and
 * description are inside, for screen readers. Takes about a tenth of a second.
 * @param width of the plot in pixels, where the chart leaves it open
 */
export async function drawChart({ title, description, spec }: DrawableChart, width = 520): Promise<string> {
  // Loaded when a chart is drawn: 20 packages that no command needs.
  const [{ parse, View }, { compile }, { expressionInterpreter }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('vega-interpreter'),
  ]);
  const sized = 'width' in spec && spec.width === 'container' ? { ...spec, width } : spec;
  const painted = JSON.parse(
    JSON.stringify({ title, ...sized, config }).replaceAll(
      /var\(--([\w-]+)\)/g,
      (whole, name: string) => palette.get(name) ?? whole,
    ),
  ) as Parameters<typeof compile>[0];
  const view = new View(parse(compile(painted).spec, undefined, { ast: true }), {
    renderer: 'none',
    expr: expressionInterpreter,
  });
  try {
    const svg = await view.toSVG();
    const words = `<title>${escapeHtml(title)}</title><desc>${escapeHtml(description)}</desc>`;
    return svg.replace(/^<svg([^>]*)>/, `<svg role="img"$1>${words}`);
  } finally {
    view.finalize();
  }
}
