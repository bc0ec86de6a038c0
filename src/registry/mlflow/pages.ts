import { z } from 'zod';
import { MlflowError } from './refusal.js';

/** Names and values, as MLflow lists them. */
export const keyValues = z
  .array(z.object({ key: z.string(), value: z.string().default('') }))
  .default([])
  .transform((pairs): Readonly<Record<string, string>> =>
    Object.freeze(Object.fromEntries(pairs.map(({ key, value }) => [key, value]))),
  );

/** A record as the list that MLflow takes. */
export function asKeyValues(texts: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(texts).map(([key, value]) => ({ key, value }));
}

/**
 * An answer in the shape that was expected.
 * @throws {MlflowError} naming the call whose answer has another one
 */
export function shaped<Shape>(schema: z.ZodType<Shape>, answer: unknown, call: string): Shape {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new MlflowError(
    `the answer to ${call} is not what MLflow gives: ${z.prettifyError(read.error)}; check that MLFLOW_TRACKING_URI is the address of an MLflow server`,
    { status: 200 },
  );
}

/** Items of all pages, in order. */
export async function allPages<Item>(
  ask: (token: string | undefined) => Promise<{ items: readonly Item[]; next?: string | undefined }>,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (let token: string | undefined; ;) {
    const { items, next } = await ask(token);
    found.push(...items);
    if (next === undefined || next === '' || next === token) return found;
    token = next;
  }
}

/** A text within a filter: single quotes inside are not possible in MLflow's grammar, so they are refused. */
export function quoted(text: string): string {
  if (!/^[^'"\\\p{Cc}]*$/u.test(text)) {
    throw new MlflowError(`${JSON.stringify(text)} cannot be searched for in MLflow: it holds quotes`, {
      status: 400,
    });
  }
  return `'${text}'`;
}
