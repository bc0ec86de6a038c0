import { periodsBack, type LagPlan } from './plan.js';

/**
 * What is read of the steps before an origin. All of it is computed in double from the window alone and laid on a
 * fine grid, so that another engine, which adds in another order, gets the same features bit for bit.
 */
export interface Window {
  /** `[history]`, oldest first: transformed, centred and scaled; NaN where missing. */
  readonly u: Float64Array;
  /** Mean of the window's known values, on the transformed scale. */
  center: number;
  /** Mean absolute deviation from `center`, kept above nothing. */
  scale: number;
  /** Known values in the window. */
  nKnown: number;
  /** Share of zeros before the transform among the known values of the longest mean. */
  zeroShare: number;
}

const gridSteps = 4096;
const farthest = 1000;

/** The nearest point of a grid of 1/4096 within ±1000; NaN as it is. */
export function onGrid(value: number): number {
  const held = Math.min(Math.max(value, -farthest), farthest);
  return Math.floor(held * gridSteps + 0.5) / gridSteps;
}

/** A window to be filled by `readWindow`, again and again. */
export function emptyWindow({ history }: LagPlan): Window {
  return { u: new Float64Array(history), center: 0, scale: 1, nKnown: 0, zeroShare: 0 };
}

/**
 * Reads the steps `[end - history, end)` of a transformed series; what lies before its start is missing.
 * @param z `[n]` transformed values, 0 where the value itself is 0
 * @param otherwise center and scale of a window without any value
 */
export function readWindow(
  window: Window,
  plan: LagPlan,
  z: Float64Array,
  end: number,
  otherwise: { readonly center: number; readonly scale: number } = { center: 0, scale: 1 },
): void {
  const { u } = window;
  const { history } = plan;
  const start = end - history;
  let sum = 0;
  let n = 0;
  for (let i = 0; i < history; i++) {
    const value = start + i >= 0 ? z[start + i] : NaN;
    u[i] = value;
    if (value === value) {
      sum += value;
      n++;
    }
  }
  window.nKnown = n;
  const center = n > 0 ? sum / n : otherwise.center;
  let deviation = 0;
  for (let i = 0; i < history; i++) if (u[i] === u[i]) deviation += Math.abs(u[i] - center);
  // A window without spread keeps a thousandth of its level, so that rounding is not taken for movement.
  const scale = n > 0 ? Math.max(deviation / n, 1e-3 * Math.abs(center), 1e-9) : otherwise.scale;
  const recent = plan.windows[plan.windows.length - 1] ?? history;
  let zeros = 0;
  let nRecent = 0;
  for (let i = 0; i < history; i++) {
    if (u[i] !== u[i]) continue;
    if (i >= history - recent) {
      nRecent++;
      if (u[i] === 0) zeros++;
    }
    u[i] = (u[i] - center) / scale;
  }
  window.center = center;
  window.scale = scale;
  window.zeroShare = nRecent > 0 ? zeros / nRecent : NaN;
}

/** Writes the features of the origin to `out[at…]`; returns where it stopped. */
export function originFeatures(window: Window, plan: LagPlan, out: Float64Array, at: number): number {
  const { u } = window;
  const { history, lags, windows } = plan;
  for (const lag of lags) out[at++] = onGrid(u[history - lag]);
  for (const width of windows) out[at++] = onGrid(meanOf(u, history - width, history));
  for (const width of windows) {
    const mean = meanOf(u, history - width, history);
    let squares = 0;
    let n = 0;
    for (let i = history - width; i < history; i++) {
      if (u[i] !== u[i]) continue;
      squares += (u[i] - mean) * (u[i] - mean);
      n++;
    }
    out[at++] = onGrid(n > 0 ? Math.sqrt(squares / n) : NaN);
  }
  if (windows.length > 0) {
    const half = Math.floor(windows[windows.length - 1] / 2);
    const late = meanOf(u, history - half, history);
    out[at++] = onGrid(late - meanOf(u, history - 2 * half, history - half));
  }
  // Levels of any unit fit on the grid.
  out[at++] = onGrid(
    window.nKnown > 0 ? Math.sign(window.center) * Math.log1p(Math.abs(window.center)) : NaN,
  );
  out[at++] = onGrid(window.nKnown > 0 ? Math.log1p(window.scale) : NaN);
  out[at++] = onGrid(window.zeroShare);
  out[at++] = onGrid(1 - window.nKnown / history);
  return at;
}

/** Writes the features that belong to the target `step` steps after the origin; returns where it stopped. */
export function targetFeatures(
  window: Window,
  plan: LagPlan,
  step: number,
  out: Float64Array,
  at: number,
): number {
  const { u } = window;
  const { history, seasons, seasonLags } = plan;
  for (let k = 0; k < seasons.length; k++) {
    const season = seasons[k];
    const first = history - 1 + step - season * periodsBack(step, season);
    for (let j = 0; j < seasonLags[k]; j++) {
      const place = first - j * season;
      out[at++] = place >= 0 ? onGrid(u[place]) : NaN;
    }
    let sum = 0;
    let n = 0;
    for (let place = first; place >= 0; place -= season) {
      if (u[place] !== u[place]) continue;
      sum += u[place];
      n++;
    }
    out[at++] = onGrid(n > 0 ? sum / n : NaN);
  }
  return at;
}

/**
 * What the seasons before say of a target, scaled: the mean of the known ones among the last values of the same
 * phase, 0 where none is known or there is no season.
 */
export function seasonalLevel(window: Window, plan: LagPlan, step: number): number {
  const { u } = window;
  const { history, seasons, differencePeriods } = plan;
  if (seasons.length === 0) return 0;
  const [season] = seasons;
  let place = history - 1 + step - season * periodsBack(step, season);
  let sum = 0;
  let n = 0;
  for (let j = 0; j < differencePeriods; j++, place -= season) {
    if (u[place] !== u[place]) continue;
    sum += u[place];
    n++;
  }
  return n > 0 ? sum / n : 0;
}

/** Mean of the known values in `[from, to)`; NaN where there are none. */
function meanOf(u: Float64Array, from: number, to: number): number {
  let sum = 0;
  let n = 0;
  for (let i = from; i < to; i++) {
    if (u[i] !== u[i]) continue;
    sum += u[i];
    n++;
  }
  return n > 0 ? sum / n : NaN;
}
