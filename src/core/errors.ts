/** What went wrong, as far as a caller has to decide: the command line maps each code to an exit code. */
export type ErrorCode = 'config' | 'data' | 'export' | 'gate' | 'service' | 'interrupted';

/** Base of every error this toolkit throws on purpose; its message is written for the person who can mend it. */
export class KolError extends Error {
  /** What a caller decides by. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** Wrong usage: an option, a parameter or a configuration value out of its range. */
export class ConfigError extends KolError {
  constructor(message: string, options?: ErrorOptions) {
    super('config', message, options);
  }
}

/** Data that cannot be used as it is; names file, row, column and value where they are known. */
export class DataError extends KolError {
  constructor(message: string, options?: ErrorOptions) {
    super('data', message, options);
  }
}

/** A model that cannot be written as ONNX, or whose graph does not reproduce it. */
export class ExportError extends KolError {
  constructor(message: string, options?: ErrorOptions) {
    super('export', message, options);
  }
}

/** The gate held or refused a promotion. */
export class GateError extends KolError {
  constructor(message: string, options?: ErrorOptions) {
    super('gate', message, options);
  }
}

/** A service that could not be reached; nothing is lost. */
export class ServiceError extends KolError {
  constructor(message: string, options?: ErrorOptions) {
    super('service', message, options);
  }
}

/** The person or the scheduler stopped the work. */
export class InterruptedError extends KolError {
  constructor(message = 'interrupted', options?: ErrorOptions) {
    super('interrupted', message, options);
  }
}

/**
 * Stops long work between two steps.
 * @throws {InterruptedError} once `signal` is aborted
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
}
