/** Histories that a graph is checked on, and that consumers can check themselves against. */
export interface ForecastCases {
  /** `[N][history]` */
  readonly history: Float32Array;
  readonly kolId: readonly string[];
  /** `[N]` epoch days */
  readonly start: Int32Array;
}

/** Cases whose KOL ids are as they came: null, and not yet sanitised. */
export interface RawForecastCases extends Omit<ForecastCases, 'kolId'> {
  readonly kolId: readonly (string | null)[];
}
