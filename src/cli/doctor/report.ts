import type { ErrorCode } from '../../core/errors.js';
import { wrap } from '../summary.js';
import type { Check, Examination } from './check.js';

const width = 80;

/** The checks of each service below its name, then what to do about those that are not well. */
export function reportText(examinations: readonly Examination[], checks: readonly Check[]): string {
  const sections = examinations.map(({ service, location }) => {
    const own = checks.filter((check) => check.service === service);
    const longest = Math.max(...own.map(({ name }) => name.length));
    return [`${service}  ${location}`, ...own.map((check) => line(check, longest))].join('\n');
  });
  const mends = mendsOf(checks).map(
    ([mend, of]) => `${wrap(`${of.join(', ')}:`, width, '  ')}\n${wrap(mend, width, '    ')}`,
  );
  if (mends.length > 0) sections.push(['to mend', ...mends].join('\n'));
  return sections.join('\n\n');
}

/** What failed in one line, and the kind of failure that decides the exit code; undefined when nothing did. */
export function verdict(checks: readonly Check[]): { message: string; code: ErrorCode } | undefined {
  const failures = checks.filter(({ state }) => state === 'failed');
  if (failures.length === 0) return undefined;
  const names = failures.map(({ service, name }) => `${service} ${name}`).join(', ');
  // What stands in the way of the others comes first.
  const order: readonly ErrorCode[] = ['export', 'config', 'service', 'data'];
  const code = order.find((candidate) => failures.some((failure) => failure.code === candidate)) ?? 'export';
  return { message: `${failures.length} of ${checks.length} checks failed: ${names}`, code };
}

function line({ name, state, detail }: Check, longest: number): string {
  const before = `  ${name.padEnd(longest)}  ${state.padEnd('warning'.length)}  `;
  const indent = ' '.repeat(before.length);
  return before + wrap(detail, width, indent).slice(before.length);
}

/** Each mend once, with all that it helps. */
function mendsOf(checks: readonly Check[]): [mend: string, of: readonly string[]][] {
  const mends = new Map<string, string[]>();
  for (const { service, name, mend } of checks) {
    if (mend !== undefined) mends.set(mend, [...(mends.get(mend) ?? []), `${service} ${name}`]);
  }
  return [...mends];
}
