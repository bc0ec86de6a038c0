import { fanChart, horizonCharts } from './charts/forecast-charts.js';
import { escapeHtml } from './escape-html.js';
import type { ForecastFigures } from './forecast/figures.js';
import { formatNumber } from './format-number.js';
import { renderMetrics } from './report-evaluation.js';
import { type Page, renderCharts, renderSection, renderTable } from './report-page.js';

/** How forecasts did, how it goes on, and where they did worst. */
export function renderForecast(figures: ForecastFigures, page: Page): string {
  const { title, note, metrics, nSeries, fans, worst, unit } = figures;
  return [
    renderSection(
      page,
      title,
      `${note === '' ? '' : `<p class="soft">${escapeHtml(note)}</p>`}
${metrics.length === 0 ? '' : renderMetrics({ level: 0.95, what: `${formatNumber(nSeries)} series` }, metrics)}
${renderCharts(horizonCharts(figures), page)}`,
    ),
    fans.length === 0
      ? ''
      : renderSection(
          page,
          'Series, from the worst to the best',
          `<p class="soft">${formatNumber(fans.length)} of ${formatNumber(nSeries)} series, evenly from the largest error to the smallest: what came, what was said of it without having seen it, and the intervals.</p>
${renderCharts(
  fans.map((fan) => fanChart(fan, figures)),
  page,
)}`,
        ),
    worst.length < 2
      ? ''
      : renderSection(
          page,
          'Worst series',
          renderTable(
            unit,
            ['Series', 'Forecast', 'Seasonal naive', 'Ratio'],
            worst.map(({ id, error, naive }) => [
              escapeHtml(id),
              formatNumber(error),
              Number.isFinite(naive) ? formatNumber(naive) : '–',
              naive > 0 ? (error / naive).toFixed(2) : '–',
            ]),
          ),
        ),
  ].join('\n');
}
