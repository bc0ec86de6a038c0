import { ConfigError } from '../core/errors.js';
import { sanitizeText } from '../core/sanitize-text.js';
import { textPatterns, type Feature } from './expression.js';
import { distinctNodes, type Node } from './nodes.js';
import { requiredColumns } from './required-columns.js';

/**
 * Refuses features that no reading could compute, or whose readings could differ.
 * @throws {ConfigError} naming the feature: an empty or repeated name, a look-back below 0, a constant that is not
 *   finite, a category list that is empty, repeats itself or holds a text no sanitised column can hold, an unknown
 *   pattern, a nameless column, a column read both as a number and as a text
 */
export function validateFeatures(features: readonly Feature[]): void {
  const names = new Set<string>();
  for (const feature of features) {
    if (feature.name === '') throw new ConfigError('feature: name must not be empty');
    if (names.has(feature.name)) throw new ConfigError(`feature ${feature.name} is defined twice`);
    names.add(feature.name);
    if (!(feature.lookBackDays >= 0 && Number.isFinite(feature.lookBackDays))) {
      throw new ConfigError(
        `feature ${feature.name}: lookBackDays=${feature.lookBackDays} must be finite and at least 0`,
      );
    }
    for (const node of distinctNodes(feature.expression)) {
      const problem = problemOf(node);
      if (problem !== undefined) throw new ConfigError(`feature ${feature.name}: ${problem}`);
    }
  }
  requiredColumns(features);
}

function problemOf(node: Node): string | undefined {
  if (node.op === 'constant' && !Number.isFinite(node.value)) {
    return `constant ${node.value} must be finite`;
  }
  if ((node.op === 'column' && node.name === '') || ('text' in node && node.text === '')) {
    return `${node.op} needs the name of a column`;
  }
  if (node.op === 'count' && !Object.hasOwn(textPatterns, node.pattern)) {
    return `pattern ${node.pattern as string} must be one of ${Object.keys(textPatterns).join(', ')}`;
  }
  if (node.op === 'category') {
    if (node.values.length === 0) return `category list of column ${node.text} must not be empty`;
    const repeated = node.values.find((value, i) => node.values.indexOf(value) !== i);
    if (repeated !== undefined) return `category "${repeated}" of column ${node.text} appears twice`;
    const unclean = node.values.find((value) => sanitizeText(value) !== value);
    if (unclean !== undefined) {
      return (
        `category "${unclean}" of column ${node.text} can never occur; ` +
        `write it as texts are read: "${sanitizeText(unclean)}"`
      );
    }
  }
  return undefined;
}
