import { SingleBar } from 'cli-progress';
import type { Progress, Stage } from '../core/progress.js';

/** Progress as bars on a terminal: one line that redraws itself, notes above it. */
function bars(): Progress {
  return {
    stage(name, total): Stage {
      const bar = new SingleBar({
        format: `${name} [{bar}] {value}/{total} {duration_formatted}`,
        stream: process.stderr,
        barsize: 24,
        hideCursor: true,
        clearOnComplete: false,
        linewrap: false,
        etaBuffer: 5,
      });
      bar.start(total ?? 1, 0);
      return {
        advance: (steps = 1) => bar.increment(steps),
        done: () => bar.stop(),
      };
    },
    note: (message) => process.stderr.write(`${message}\n`),
  };
}

/** Progress as plain lines, for logs: one at the beginning of a stage, one at its end. */
function lines(): Progress {
  return {
    stage(name, total): Stage {
      const began = performance.now();
      process.stderr.write(`${name}${total === undefined ? '' : ` (${total} steps)`} …\n`);
      return {
        advance: () => undefined,
        done: () => process.stderr.write(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s\n`),
      };
    },
    note: (message) => process.stderr.write(`${message}\n`),
  };
}

/** Progress on stderr: bars for a person, lines for a log. */
export function terminalProgress(interactive: boolean): Progress {
  return interactive ? bars() : lines();
}
