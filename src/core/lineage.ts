/** Where the rows of a training came from, so that they can be read again. */
export interface Lineage {
  /** Tables or files with what pins their content. */
  readonly sources: readonly {
    readonly name: string;
    readonly id: string;
    /** ISO 8601, UTC. */
    readonly committedAt?: string;
    readonly rows?: number;
  }[];
  /** The statement as it ran. */
  readonly query?: string;
  /** SHA-256 of `query`. */
  readonly queryHash?: string;
  /** What the server called it. */
  readonly queryId?: string;
  readonly rows: number;
  /** SHA-256 of the rows themselves: equal for equal rows, whatever engine gave them. */
  readonly digest: string;
  /** The moment (ISO 8601) after which nothing was used. */
  readonly asOf?: string;
}
