import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The part of a Compose service that the tests judge. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile?: string };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly mem_limit?: string;
  readonly restart?: string;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly external?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const repository = fileURLToPath(new URL('../../', import.meta.url));

export const read = (path: string): string => readFileSync(repository + path, 'utf8');

export const stacks = ['base', 'kol'] as const;

export const composeText = (stack: string): string => read(`infra/compose.${stack}.yml`);

export const composeFile = (stack: string): ComposeFile =>
  parse(composeText(stack), { merge: true }) as ComposeFile;

/** Every service of both stacks, with the name of its stack. */
export const services = stacks.flatMap((stack) =>
  Object.entries(composeFile(stack).services).map(([name, service]) => ({ stack, name, service })),
);

/** Names and values of an env file. */
export function variables(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name, value]));
}

export const template = (stack: string): Map<string, string> =>
  variables(read(`infra/env/${stack}.env.example`));

/** Ports of this machine that a service is published on. */
export const publishedPorts = (service: ComposeService): number[] =>
  (service.ports ?? []).map((port) => Number(/:(\d+):\d+$/.exec(port)?.[1]));
