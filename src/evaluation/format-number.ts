/** A number for reading: four decimals below 1, three from 1, none from 1000, thousands apart; the same everywhere. */
export function formatNumber(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'undefined' : x > 0 ? '∞' : '−∞';
  const size = Math.abs(x);
  if (size >= 1e15 || (size !== 0 && size < 5e-5)) return sign(x) + exponent(size);
  if (Number.isInteger(x) || size >= 1000) return sign(x) + thousands(size.toFixed(0));
  return sign(x) + size.toFixed(size < 1 ? 4 : 3);
}

/** A signed number: `formatNumber` with a plus before what is above 0. */
export function formatDifference(x: number): string {
  return (x > 0 ? '+' : '') + formatNumber(x);
}

/** A share as a percentage with one decimal. */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function sign(x: number): string {
  return x < 0 ? '−' : '';
}

function exponent(size: number): string {
  const [digits, power] = size.toExponential(2).split('e');
  return `${digits} × 10^${Number(power)}`;
}

function thousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
