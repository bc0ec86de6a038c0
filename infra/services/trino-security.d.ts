import type { ServiceSettings } from './services.js';

/** A JSON web token that the started Trino accepts over HTTPS; negative seconds make one that has run out. */
export function trinoToken(
  settings: ServiceSettings,
  options?: { readonly subject?: string; readonly seconds?: number },
): string;

/** A line of Trino's password file. */
export function passwordLine(user: string, password: string): string;
