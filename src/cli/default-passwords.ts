import { ConfigError } from '../core/errors.js';

/** Passwords that stand in somebody's documentation, ours included. */
const known = new Set(
  'minioadmin minio minio123 password password1234 admin changeme kol kol-dev-password cassandra postgres'.split(
    ' ',
  ),
);

/**
 * Refuses a password that everybody knows, for a service that is not on this machine.
 * @throws {ConfigError} naming the variable, not the value
 */
export function refuseDefaultPassword(
  variable: string,
  password: string | undefined,
  address: string | undefined,
): void {
  if (password === undefined || address === undefined || !known.has(password)) return;
  const host = URL.canParse(address) ? new URL(address).hostname : address;
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)) return;
  throw new ConfigError(
    `${variable} is a default password that everybody knows, and ${host} is not this machine; give the service another one (make init generates them) and set it here`,
  );
}
