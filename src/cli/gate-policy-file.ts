import { gatePolicy, type GatePolicy } from '../evaluation/gate/policy.js';
import { readConfig } from './config-file.js';

/**
 * The policy of a YAML file, or the default one.
 * @throws {ConfigError} naming the key that is unknown or out of its range
 */
export function readPolicy(path: string | undefined): Promise<GatePolicy> {
  return readConfig(gatePolicy, path, {});
}
