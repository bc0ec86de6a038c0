/** How the cluster is reached and how much of it a training takes. */
export interface SparkSettings {
  /** `spark://host:port[,host:port]`, or what else spark-submit takes. */
  readonly master: string;
  /** The program that submits. */
  readonly submit: string;
  /** Each takes an equal share of the rows. */
  readonly executors: number;
  /** Threads of each. */
  readonly cores: number;
  /** MiB of each: half for the JVM, half for Python and XGBoost. */
  readonly memory: number;
  /** Further settings of Spark, `key=value`; they win. */
  readonly conf: readonly string[];
  /** Seconds to wait for the executors. */
  readonly patience: number;
  /** Where Spark finds the tables: an Iceberg catalog of its own, or a folder that every worker sees. */
  readonly tables: { readonly catalog: string } | { readonly folder: string };
}
