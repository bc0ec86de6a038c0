import { distance } from 'fastest-levenshtein';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from '../core/errors.js';
import { type GatePolicy, gatePolicy } from '../evaluation/gate/policy.js';

/**
 * The configuration that file and options make together; options win.
 * @param path YAML or JSON file, or undefined for none
 * @param defaults what holds where neither says anything, beyond the schema's own defaults
 * @throws {ConfigError} naming the key that is unknown (with the nearest known one) or out of its range
 */
export async function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  path: string | undefined,
  options: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>> = {},
): Promise<z.infer<Schema>> {
  const fromFile = path === undefined ? {} : await readYaml(path);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const result = schema.safeParse({ ...defaults, ...fromFile, ...given });
  if (result.success) return result.data;
  throw settingError(schema, result.error.issues[0], { ...fromFile, ...given }, path);
}

/**
 * The gate's policy in a file of its own; undefined where none is named.
 * @throws {ConfigError} as `readConfig`
 */
export async function readPolicy(path: string | undefined): Promise<GatePolicy | undefined> {
  return path === undefined ? undefined : readConfig(gatePolicy, path, {});
}

/** What is wrong with a setting, and how to mend it. */
function settingError(
  schema: z.ZodObject,
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
  path: string | undefined,
): ConfigError {
  const where = path === undefined ? '' : `${path}: `;
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const known = Object.keys(sectionOf(schema, issue.path));
    const section = issue.path.map((name) => `${String(name)}.`).join('');
    const nearest = known.reduce((best, name) => (distance(name, key) < distance(best, key) ? name : best));
    return new ConfigError(
      `${where}unknown key ${section}${key}; did you mean ${nearest}? Known keys are ${known.join(', ')}`,
    );
  }
  const name = issue.path.join('.') || 'configuration';
  const value = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    given,
  );
  if (value === undefined) {
    return new ConfigError(`${where}${name} is not set; give it as --${name}, or in a file for --config`);
  }
  const section = sectionOf(schema, issue.path.slice(0, -1));
  const setting = section[String(issue.path.at(-1))] as z.ZodType | undefined;
  const { expected, description } = setting?.meta() ?? {};
  const about = description === undefined ? '' : ` (${description})`;
  const mend = typeof expected === 'string' ? expected : `${issue.message}${about}`;
  return new ConfigError(`${where}${name}=${JSON.stringify(value)}: ${mend}`);
}

/** The keys of the section of a configuration that `path` leads to. */
function sectionOf(schema: z.ZodObject, path: readonly PropertyKey[]): z.ZodObject['shape'] {
  return path.reduce<z.ZodObject['shape']>((shape, name) => {
    // A section with defaults stands within a wrapper for them.
    const section = shape[name as string] as Partial<z.ZodObject> & {
      readonly def: { innerType?: z.ZodObject };
    };
    return section.shape ?? section.def.innerType?.shape ?? {};
  }, schema.shape);
}

async function readYaml(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`--config ${path} cannot be read; name an existing YAML file`, { cause });
  }
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    throw new ConfigError(`${path} is not YAML: ${(cause as Error).message}`, { cause });
  }
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new ConfigError(`${path} must hold keys and values, such as "folds: 5"`);
  }
  return content as Record<string, unknown>;
}
