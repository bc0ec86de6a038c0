import { distance } from 'fastest-levenshtein';

/** `(nearest: name)` when one of `known` is close to `name` as a typing slip would be, else an empty string. */
export function nearestHint(name: string, known: readonly string[]): string {
  let best = '';
  let least = Math.max(2, Math.floor(name.length / 2));
  for (const candidate of known) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (d < least || (d === least && best === '')) {
      least = d;
      best = candidate;
    }
  }
  return best === '' ? '' : ` (nearest: ${best})`;
}

/** Up to `limit` names for an error message. */
export function listNames(names: readonly string[], limit = 30): string {
  const more = names.length > limit ? `, … ${names.length - limit} more` : '';
  return names.length === 0 ? 'none' : names.slice(0, limit).join(', ') + more;
}
