/** A running process; `mark` tells it from others that had its id. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** Resident. */
  readonly bytes: number;
  readonly mark: string;
}

export function processTree(pid: number): RunningProcess[];
export function startMark(pid: number): string | null;
