import type { ServiceSettings } from './services.js';

/** The PostgreSQL server and the two clients that the supervisor speaks with; the folder. */
export function installNodePackages(settings: ServiceSettings, say: (line: string) => void): Promise<string>;
