// Writes .env.base and .env.kol from infra/env/*.env.example: secrets generated, values of existing files kept, missing
// variables appended. Into the repository, or into the folder that is named.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const templates = fileURLToPath(new URL('env/', import.meta.url));
const folder = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const assignment = /^([A-Z][A-Z0-9_]*)=(.*)$/;
const values = new Map();

for (const stack of ['base', 'kol']) {
  const template = readFileSync(join(templates, `${stack}.env.example`), 'utf8').split('\n');
  const file = join(folder, `.env.${stack}`);
  process.stdout.write(existsSync(file) ? completed(file, template) : created(file, template));
}

function created(file, template) {
  writeSecretly(file, template.map(filledIn).join('\n'));
  return `wrote ${file}\n`;
}

function completed(file, template) {
  const text = readFileSync(file, 'utf8');
  const before = new Set();
  for (const [, name, value] of assignments(text.split('\n'))) {
    before.add(name);
    values.set(name, value.trim().replace(/^(['"])(.*)\1$/, '$2'));
  }
  const missing = [...assignments(template)].filter(([, name]) => !before.has(name)).map(([line]) => line);
  if (missing.length === 0) {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return `kept ${file}\n`;
  }
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  writeSecretly(file, `${whole}\n# Added by make init:\n${missing.map(filledIn).join('\n')}\n`);
  return `kept ${file} and added ${missing.map((line) => assignment.exec(line)[1]).join(', ')}\n`;
}

function* assignments(lines) {
  for (const line of lines) {
    const match = assignment.exec(line);
    if (match !== null) yield match;
  }
}

/** A line of a template with its value: generated where it says so, references resolved. */
function filledIn(line) {
  const match = assignment.exec(line);
  if (match === null) return line;
  const [, name, template] = match;
  const value =
    template === '<generated>'
      ? // Letters and digits that no shell, URL or properties file reads otherwise.
        randomBytes(24).toString('hex')
      : template.replace(/\$\{(\w+)\}/g, (_, other) => values.get(other));
  values.set(name, value);
  return `${name}=${value}`;
}

/** Whole or not at all, and never readable by others. */
function writeSecretly(file, text) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
}
