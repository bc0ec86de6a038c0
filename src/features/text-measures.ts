import { textPatterns, type TextPattern } from './expression.js';

/** Patterns that match exactly one character: counted by a table instead of a regular expression. */
const singleCharacter: ReadonlySet<TextPattern> = new Set(['digits', 'letters', 'emoji', 'punctuation']);
const counters = new Map<TextPattern, (text: string) => number>();

/**
 * A function that counts the non-overlapping matches of a pattern in a sanitised text.
 * O(length of the text); a regular expression for patterns of several characters, a table look-up for the others.
 */
export function patternCounter(pattern: TextPattern): (text: string) => number {
  let counter = counters.get(pattern);
  if (counter === undefined) {
    counter = singleCharacter.has(pattern) ? characterCounter(pattern) : expressionCounter(pattern);
    counters.set(pattern, counter);
  }
  return counter;
}

function characterCounter(pattern: TextPattern): (text: string) => number {
  const expression = new RegExp(textPatterns[pattern], 'u');
  const belongs = Uint8Array.from({ length: 65536 }, (_, code) =>
    expression.test(String.fromCharCode(code)) ? 1 : 0,
  );
  return (text) => {
    let matches = 0;
    for (let i = 0; i < text.length; i++) matches += belongs[text.charCodeAt(i)];
    return matches;
  };
}

function expressionCounter(pattern: TextPattern): (text: string) => number {
  const expression = new RegExp(textPatterns[pattern], 'gu');
  return (text) => {
    let matches = 0;
    // A failing test sets lastIndex back to 0, so the next text starts afresh.
    while (expression.test(text)) matches++;
    return matches;
  };
}

/** Code points of a text that entropy looks at. */
export const entropyLength = 64;

const stride = entropyLength + 1;
const seenTimes = new Uint8Array(65536);
/** k / n * ln(n / k) at [n * stride + k]. */
const terms = Float64Array.from({ length: stride * stride }, (_, at) => {
  const n = Math.floor(at / stride);
  const k = at % stride;
  return n === 0 || k === 0 ? 0 : (k / n) * Math.log(n / k);
});

/** Shannon entropy in nats of the first 64 characters of a sanitised text, on [0, ln 64] (Shannon 1948, section 6). */
export function textEntropy(text: string): number {
  const n = Math.min(text.length, entropyLength);
  for (let i = 0; i < n; i++) seenTimes[text.charCodeAt(i)]++;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const code = text.charCodeAt(i);
    sum += terms[n * stride + seenTimes[code]];
    seenTimes[code] = 0;
  }
  return sum;
}
