import { z } from 'zod';

const count = z.int().min(0);
const stamp = { seq: count, at: count };
const texts = z.record(z.string(), z.string());

/** JSON has no NaN and no infinities: they are kept as text. */
const metricValue = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
const paramValue = z.union([z.string(), z.number(), z.boolean()]);

const start = z.object({
  ...stamp,
  type: z.literal('start'),
  format: z.literal(1),
  runId: z.string(),
  key: z.string(),
  experiment: z.string(),
  name: z.string(),
  tags: texts,
  writer: z.object({ user: z.string(), host: z.string(), pid: z.int(), mark: z.string().optional() }),
});
const params = z.object({ ...stamp, type: z.literal('params'), params: z.record(z.string(), paramValue) });
const metrics = z.object({
  ...stamp,
  type: z.literal('metrics'),
  metrics: z.record(z.string(), metricValue),
  step: z.int(),
  /** When the values were taken, where that was before they were logged. */
  takenAt: count.optional(),
});
const tags = z.object({ ...stamp, type: z.literal('tags'), tags: texts });
const dataset = z.object({
  ...stamp,
  type: z.literal('dataset'),
  name: z.string(),
  digest: z.string(),
  source: z.string(),
  schema: texts,
  role: z.string(),
});
const artifact = z.object({
  ...stamp,
  type: z.literal('artifact'),
  path: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: count,
});
const end = z.object({
  ...stamp,
  type: z.literal('end'),
  status: z.enum(['finished', 'failed', 'interrupted']),
  message: z.string().nullable(),
});

/** One line of a run's journal; `seq` counts from 0, `at` is in milliseconds since 1970-01-01 UTC. */
export const journalEntry = z.discriminatedUnion('type', [
  start,
  params,
  metrics,
  tags,
  dataset,
  artifact,
  end,
]);
export type JournalEntry = z.infer<typeof journalEntry>;
export type StartEntry = z.infer<typeof start>;
export type EndStatus = z.infer<typeof end>['status'];
export type ParamValue = z.infer<typeof paramValue>;
export type MetricText = z.infer<typeof metricValue>;

/** An entry before it has its place in the journal. */
export type JournalEvent = JournalEntry extends infer Entry
  ? Entry extends JournalEntry
    ? Omit<Entry, 'seq' | 'at'>
    : never
  : never;
