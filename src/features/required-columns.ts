import { ConfigError } from '../core/errors.js';
import type { Feature } from './expression.js';
import { distinctNodes } from './nodes.js';

/** A raw column that features read, and whether they read it as a number or as a text. */
export interface RequiredColumn {
  readonly name: string;
  readonly kind: 'number' | 'string';
}

/**
 * The raw columns that the features read, in the order of their first use.
 * @throws {ConfigError} for a column that is read as a number here and as a text there
 */
export function requiredColumns(features: readonly Feature[]): RequiredColumn[] {
  const columns = new Map<string, RequiredColumn & { readonly feature: string }>();
  for (const feature of features) {
    for (const node of distinctNodes(feature.expression)) {
      const column: RequiredColumn | undefined =
        node.op === 'column'
          ? { name: node.name, kind: 'number' }
          : 'text' in node
            ? { name: node.text, kind: 'string' }
            : undefined;
      if (column === undefined) continue;
      const earlier = columns.get(column.name);
      if (earlier === undefined) columns.set(column.name, { ...column, feature: feature.name });
      else if (earlier.kind !== column.kind) {
        throw new ConfigError(
          `column ${column.name} is read as a ${earlier.kind} by feature ${earlier.feature} ` +
            `and as a ${column.kind} by feature ${feature.name}; it can be only one of them`,
        );
      }
    }
  }
  return [...columns.values()].map(({ name, kind }) => ({ name, kind }));
}
