/** One input or output of a graph. */
export type ModelColumn =
  /** A value a row: `double` and `string` for inputs, as frames of pandas hold them; `float` for outputs. */
  | { readonly name: string; readonly type: 'double' | 'float' | 'long' | 'string' | 'boolean' }
  /** Several values a row. -1 stands for any number. */
  | { readonly name: string; readonly dtype: 'float32' | 'int64' | 'str'; readonly shape: readonly number[] };

/** What MLflow is told of a model besides its files; plain data, since this room knows no models. */
export interface ModelFacts {
  /** File of the graph among those of the version. */
  readonly graph: string;
  /** Further files that belong beside it. */
  readonly beside: readonly string[];
  readonly inputs: readonly ModelColumn[];
  readonly outputs: readonly ModelColumn[];
  /** Rows by input; NaN is written as null. */
  readonly example?: Readonly<Record<string, readonly unknown[]>> | undefined;
  /** Kept with the model: hashes, snapshot, threshold. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Markdown for the page of the version. */
  readonly card: string;
  /** Markdown for the page of the registered model, for all its versions. */
  readonly about: string;
}
