/** Name of a service. */
export type ServiceName =
  'postgres' | 'minio' | 'metastore' | 'trino' | 'mlflow' | 'redis' | 'cassandra' | 'kafka';

/** Name of a port: each is moved by its own variable, all by KOL_PORT_OFFSET. */
export type PortName =
  | 'minio'
  | 'minioConsole'
  | 'postgres'
  | 'metastore'
  | 'trino'
  | 'trinoHttps'
  | 'mlflow'
  | 'redis'
  | 'cassandra'
  | 'cassandraStorage'
  | 'kafka'
  | 'kafkaController';

/** All that the services are told from outside. */
export interface ServiceSettings {
  readonly host: string;
  /** Whether MinIO, PostgreSQL, Redis, Cassandra and Kafka ask for TLS and a login. */
  readonly secure: boolean;
  /** The login of the API and the Flink jobs at Redis and Kafka. */
  readonly consumer: { readonly user: string; readonly password: string };
  readonly ports: Readonly<Record<PortName, number>>;
  /** Data, configuration, logs and records. */
  readonly state: string;
  /** Installed programs, shared by all state folders. */
  readonly cache: string;
  readonly minio: { readonly user: string; readonly password: string };
  readonly postgres: { readonly user: string; readonly password: string };
  readonly trino: {
    readonly user: string;
    readonly password: string;
    readonly heap: string;
    /** A file of access rules; all may do everything where there is none. */
    readonly rules?: string | undefined;
  };
  readonly programs: {
    readonly python: string;
    readonly trinoJava: string | undefined;
    readonly metastoreJava: string | undefined;
    readonly cassandraJava: string | undefined;
    readonly java: string | undefined;
  };
}

export interface ServiceState {
  readonly name: ServiceName;
  readonly version: string;
  /** `not ready`: the process runs, but does not answer its probe; `reason` says what came instead. */
  readonly state: 'ready' | 'not ready' | 'down';
  readonly ports: Readonly<Partial<Record<PortName, number>>>;
  readonly pid: number | null;
  /** ISO time of the start. */
  readonly since: string | null;
  /** Resident memory of the process and all below it; pages that they share count more than once. */
  readonly bytes: number;
  readonly log: string | null;
  readonly reason: string | null;
}

/** What a client of the started services is told. */
export interface StartedServices {
  readonly settings: ServiceSettings;
  /** Variables to export, such as TRINO_URL. */
  readonly environment: Readonly<Record<string, string>>;
  /** A file to source that exports them. */
  readonly file: string;
}

export interface ServiceOptions {
  /** Default: read from process.env. */
  readonly settings?: ServiceSettings;
  readonly say?: (line: string) => void;
}

/** What is started when nobody says which: all but redis, cassandra and kafka. */
export const serviceNames: readonly ServiceName[];

/** Starts what does not run yet, and what that needs; resolves when all of them answer real requests. */
export function startServices(
  options?: ServiceOptions & { readonly names?: readonly ServiceName[] },
): Promise<StartedServices>;

/** Starts one service, and what it needs. */
export function startService(name: ServiceName, options?: ServiceOptions): Promise<StartedServices>;

/** Stops all (or the named ones), those first that others do not lean on. Data stays. */
export function stopServices(
  options?: ServiceOptions & { readonly names?: readonly ServiceName[] },
): Promise<void>;

/** Stops one service the way it wishes to be stopped; what leans on it runs on without it. */
export function stopService(name: ServiceName, options?: ServiceOptions): Promise<void>;

/** Ends one service as a crash would: SIGKILL, children as well. */
export function killService(name: ServiceName, options?: ServiceOptions): Promise<void>;

/** Halts one service without ending it (SIGSTOP), as an overloaded machine would; the way back is `thawService`. */
export function freezeService(name: ServiceName, options?: ServiceOptions): void;
export function thawService(name: ServiceName, options?: ServiceOptions): void;

/** What runs, asked by real requests. */
export function servicesState(options?: ServiceOptions): Promise<readonly ServiceState[]>;

/** Stops all and removes a state folder with all data. */
export function resetServices(options?: ServiceOptions): Promise<void>;
