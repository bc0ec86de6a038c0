import { throwIfAborted } from '../../core/errors.js';
import { failed, failureOf, type Check, type Examination, type Finding, type Step } from './check.js';

/**
 * Makes all examinations side by side, each step within `seconds`. A failure ends only the examination that it
 * belongs to.
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function examine(
  examinations: readonly Examination[],
  seconds: number,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const found = await Promise.all(
    examinations.map((examination) => examineOne(examination, seconds, signal)),
  );
  throwIfAborted(signal);
  return found.flat();
}

async function examineOne(
  examination: Examination,
  seconds: number,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const { service, mend } = examination;
  const walk = examination.steps();
  let step = walk.next();
  while (!step.done && !signal.aborted) {
    const finding = await within(step.value, seconds, signal);
    const { name } = step.value;
    checks.push({ service, name, ...(finding.state === 'failed' && { mend }), ...finding });
    step = walk.next(finding);
  }
  return checks;
}

/** What a step finds; work that does not listen to its signal is not waited for. */
async function within(step: Step, seconds: number, signal: AbortSignal): Promise<Finding> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  const interrupt = () => stop.abort();
  signal.addEventListener('abort', interrupt, { once: true });
  const tooLong = new Promise<Finding>((resolve) => {
    stop.signal.addEventListener('abort', () =>
      resolve(
        failed(
          'service',
          `no answer within ${seconds} s`,
          'see whether it is overloaded or halted, or behind a firewall; --timeout gives it longer',
        ),
      ),
    );
  });
  try {
    return await Promise.race([tooLong, step.find(stop.signal).catch(failureOf)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}
