export interface SparkCluster {
  readonly master: string;
  /** The master's own pages. */
  readonly web: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Process ids. */
  readonly workers: readonly number[];
  stop(): Promise<void>;
}

export function startCluster(settings: {
  readonly python: string;
  readonly folder: string;
  readonly workers?: number;
  readonly memory?: string;
}): Promise<SparkCluster>;
