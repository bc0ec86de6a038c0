// Threads that share the chunks of a phase. One thread leads: it writes what the phase needs into the control block,
// publishes the phase, takes chunks as the others do, and goes on when all are done. Chunks are claimed, not dealt:
// a thread that the system has put aside holds up nobody, and one that sleeps is not waited for.
import { bellAt, claimAt, doneAt, phaseAt, sleepersAt, stopAt, threadsAt } from '../control';
import { runChunk } from './phases';

/** Looks at the claim before a thread goes to sleep: a few microseconds. */
const patience: i32 = 10000;

/**
 * Runs all chunks of a phase; at most 65,000.
 * @returns 0, or not 0 once the fit was stopped
 */
export function runPhase(phase: i32, chunks: i32): i32 {
  store<i32>(phaseAt, phase);
  if (chunks <= 1 || load<i32>(threadsAt) == 1) {
    return runAlone(phase, chunks);
  }
  atomic.store<i32>(doneAt, 0);
  const epoch: i64 = (load<i64>(claimAt) >>> 32) + 1;
  atomic.store<i64>(claimAt, (epoch << 32) | ((<i64>chunks) << 16));
  atomic.add<i32>(bellAt, 1);
  if (atomic.load<i32>(sleepersAt) > 0) atomic.notify(bellAt, -1);
  takeChunks(0);
  let looks = 0;
  let done = atomic.load<i32>(doneAt);
  while (done < chunks) {
    if (atomic.load<i32>(stopAt) != 0) return 1;
    if (++looks > patience) {
      atomic.wait<i32>(doneAt, done, -1);
      looks = 0;
    }
    done = atomic.load<i32>(doneAt);
  }
  return atomic.load<i32>(stopAt);
}

/** Runs all chunks of a phase on the calling thread. */
export function runAlone(phase: i32, chunks: i32): i32 {
  for (let chunk = 0; chunk < chunks; chunk++) runChunk(phase, chunk, 0);
  return atomic.load<i32>(stopAt);
}

/** Works on every phase until the fit ends. */
export function serve(thread: i32): void {
  let looks = 0;
  while (atomic.load<i32>(stopAt) == 0) {
    const bell = atomic.load<i32>(bellAt);
    if (isWork(atomic.load<i64>(claimAt))) {
      takeChunks(thread);
      looks = 0;
    } else if (++looks > patience) {
      atomic.add<i32>(sleepersAt, 1);
      // A phase published since the bell was read has moved the bell: then this returns at once.
      if (atomic.load<i32>(stopAt) == 0) atomic.wait<i32>(bellAt, bell, -1);
      atomic.sub<i32>(sleepersAt, 1);
      looks = 0;
    }
  }
}

// @ts-ignore: decorator
@inline
function isWork(claim: i64): bool {
  return (claim & 0xffff) < ((claim >>> 16) & 0xffff);
}

/** The claim tells epoch, number and next chunk in one read, so that no late thread takes a stale chunk. */
function takeChunks(thread: i32): void {
  while (isWork(atomic.load<i64>(claimAt))) {
    const claim = atomic.add<i64>(claimAt, 1);
    if (!isWork(claim)) return;
    const chunks = <i32>((claim >>> 16) & 0xffff);
    runChunk(load<i32>(phaseAt), <i32>(claim & 0xffff), thread);
    if (atomic.add<i32>(doneAt, 1) + 1 == chunks) atomic.notify(doneAt, 1);
  }
}
