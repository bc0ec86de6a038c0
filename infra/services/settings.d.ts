import type { PortName, ServiceSettings } from './services.js';

/** Reads all that the services are told from outside. */
export function serviceSettings(env?: Readonly<Record<string, string | undefined>>): ServiceSettings;

/** Buckets of the platform's object store. */
export const buckets: readonly string[];

/** The variable that moves a port. */
export function portVariable(name: PortName): string;
