/** Where long work tells how far it is. Implementations write to stderr or nowhere; work never waits for them. */
export interface Progress {
  /** Begins a named stage of `total` steps (unknown when left out). */
  stage(name: string, total?: number): Stage;
  /** A line for the person watching. */
  note(message: string): void;
}

export interface Stage {
  /** `steps` more are done. */
  advance(steps?: number): void;
  done(): void;
}

/** Progress that nobody watches. */
export const silent: Progress = {
  stage: () => ({ advance: () => undefined, done: () => undefined }),
  note: () => undefined,
};
