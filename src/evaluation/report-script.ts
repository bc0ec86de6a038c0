/**
 * What the page does: draws each chart into its place, and moves the thresholds with the slider. Runs in a browser after
 * `vega`, `vegaLite` and `expressionInterpreter`; expressions are interpreted, never compiled, so that the page's security
 * policy can forbid `eval`.
 */
export const reportScript = `
'use strict';
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const axis = { labelColor: 'var(--soft)', titleColor: 'var(--soft)', titleFontWeight: 'normal', gridColor: 'var(--line)', domainColor: 'var(--line)', tickColor: 'var(--line)' };
const config = {
  background: null, font: getComputedStyle(document.body).fontFamily, padding: 2, autosize: { type: 'fit-x', contains: 'padding' },
  axis, view: { stroke: null }, title: { color: 'var(--ink)' },
  legend: { labelColor: 'var(--soft)', titleColor: 'var(--soft)', labelFontSize: 12, symbolStrokeWidth: 3, labelLimit: 260 },
  header: { labelColor: 'var(--ink)', titleColor: 'var(--soft)' },
  text: { color: 'var(--ink)' }, axisX: { labelFontSize: 12, titleFontSize: 12 }, axisY: { labelFontSize: 12, titleFontSize: 12, labelLimit: 220 },
};
const views = new Map();
for (const [id, spec] of Object.entries(read('charts'))) {
  const place = document.getElementById(id);
  const compiled = vegaLite.compile(spec, { config }).spec;
  const view = new vega.View(vega.parse(compiled, null, { ast: true }), { expr: expressionInterpreter, renderer: 'svg', container: place, hover: true });
  views.set(id, view);
  view.runAsync().then(() => {
    // The place itself says what is shown; the parts of the drawing would only be read on top of it.
    const svg = place.querySelector('svg');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('focusable', 'false');
  });
}
const titlesOf = (node, titles) => {
  if (node === null || typeof node !== 'object') return titles;
  if (typeof node.field === 'string' && typeof node.title === 'string') titles[node.field] ??= node.title;
  for (const [key, inner] of Object.entries(node)) if (key !== 'data') titlesOf(inner, titles);
  return titles;
};
const datasetsOf = (node, found) => {
  if (node === null || typeof node !== 'object') return found;
  if (node.data && Array.isArray(node.data.values) && node.data.values.length > 0 && Object.keys(node.data.values[0]).length > 1) found.push(node.data.values);
  for (const [key, inner] of Object.entries(node)) if (key !== 'data') datasetsOf(inner, found);
  return found;
};
const cellOf = (value) => typeof value === 'number' ? Number(value.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 6 }) : value === null || value === undefined ? '–' : String(value);
const hiddenFields = new Set(['i', 'aside']);
const mostRows = 400;
const named = (tag, text) => { const element = document.createElement(tag); element.textContent = text; return element; };
const tableOf = (rows, titles) => {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((field) => !hiddenFields.has(field));
  const table = document.createElement('table'), head = document.createElement('thead'), body = document.createElement('tbody'), line = document.createElement('tr');
  table.append(named('caption', rows.length > mostRows ? 'The first ' + mostRows + ' of ' + rows.length + ' rows' : rows.length + ' rows'), head, body);
  for (const field of fields) { const cell = named('th', titles[field] ?? field); cell.scope = 'col'; line.append(cell); }
  head.append(line);
  for (const row of rows.slice(0, mostRows)) { const line = document.createElement('tr'); for (const field of fields) line.append(named('td', cellOf(row[field]))); body.append(line); }
  const place = document.createElement('div');
  place.className = 'scroll'; place.tabIndex = 0; place.append(table);
  return place;
};
for (const details of document.querySelectorAll('details.data')) {
  details.addEventListener('toggle', () => {
    if (!details.open || details.childElementCount > 1) return;
    const spec = read('charts')[details.dataset.chart];
    const titles = titlesOf(spec, { series: 'Series', lower: 'From', upper: 'To' });
    details.append(...datasetsOf(spec, []).map((rows) => tableOf(rows, titles)));
  });
}
for (const command of document.querySelectorAll('.command')) {
  const button = command.querySelector('button'), text = command.querySelector('pre');
  button.hidden = false;
  button.addEventListener('click', () => {
    // Where a frame may not reach the clipboard, the text is at least marked.
    getSelection().selectAllChildren(text);
    const done = () => { button.textContent = 'Copied'; };
    const left = () => { button.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl+C'; };
    if (navigator.clipboard) navigator.clipboard.writeText(text.textContent).then(done, left); else left();
  });
}
const share = (value) => Number.isFinite(value) ? (100 * value).toFixed(1) + ' %' : '–';
const count = (value) => Math.round(value).toLocaleString('en');
for (const explorer of document.querySelectorAll('.explorer')) {
  const { rows, charts, start } = read(explorer.dataset.table);
  const slider = explorer.querySelector('input[type=range]');
  const volume = explorer.querySelector('input[type=number]');
  const out = (name) => explorer.querySelector('[data-out=' + name + ']');
  const show = () => {
    const [threshold, tp, fp, tn, fn] = rows[Number(slider.value)];
    const n = tp + fp + tn + fn, perDay = Math.max(0, Number(volume.value) || 0), flagged = (tp + fp) / n;
    const text = {
      threshold: threshold.toFixed(4), precision: share(tp / (tp + fp)), recall: share(tp / (tp + fn)), wrong: share(fp / (fp + tn)),
      f1: share(2 * tp / (2 * tp + fp + fn)), flagged: share(flagged), alerts: count(flagged * perDay), false: count(fp / n * perDay), missed: count(fn / n * perDay),
      tp: count(tp), fp: count(fp), tn: count(tn), fn: count(fn),
    };
    for (const [name, value] of Object.entries(text)) { const place = out(name); if (place) place.textContent = value; }
    slider.setAttribute('aria-valuetext', 'threshold ' + text.threshold);
    for (const id of charts) views.get(id)?.signal('threshold', threshold).runAsync();
  };
  slider.addEventListener('input', show);
  volume.addEventListener('input', show);
  explorer.querySelector('button').addEventListener('click', () => { slider.value = start; show(); });
  explorer.hidden = false;
  show();
}
`.trim();
