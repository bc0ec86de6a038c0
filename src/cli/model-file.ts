import { readFile, stat } from 'node:fs/promises';
import { ConfigError, DataError } from '../core/errors.js';
import { sha256 } from '../core/record.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { ServingCard } from '../release/card.js';
import { readCard } from '../release/read-card.js';
import { dirname, join } from 'node:path';

/** A graph ready to be opened, and what it says of itself. */
export interface ModelFile {
  readonly onnx: Uint8Array;
  readonly card: ServingCard;
  /** Another file of the same release. */
  sibling(name: string): Promise<Uint8Array>;
}

/**
 * The model behind `models:/name@alias`, `models:/name/3`, a model.onnx, or the folder that holds one. Where a
 * model.json stands beside the file, the graph's SHA-256 must be the one it names.
 * @throws {ConfigError} when there is no such model
 * @throws {DataError} when the file was changed or is not one of ours
 */
export async function openModel(uri: string, models: ModelRegistry): Promise<ModelFile> {
  if (uri.startsWith('models:/')) {
    const { files } = await models.resolve(uri);
    const sibling = async (name: string): Promise<Uint8Array> => {
      const found = files.find(({ path }) => path === name);
      if (found === undefined) throw new DataError(`${uri} has no file ${name}`);
      return readFile(found.file);
    };
    const onnx = await sibling('model.onnx');
    return { onnx, card: readCard(onnx, uri), sibling };
  }
  const isFolder = await stat(uri).then(
    (status) => status.isDirectory(),
    () => false,
  );
  const path = isFolder ? join(uri, 'model.onnx') : uri;
  const onnx = await readFile(path).catch((cause: unknown) => {
    throw new ConfigError(
      `--model ${uri}: there is no file ${path}; name a model.onnx or models:/name@champion`,
      { cause },
    );
  });
  const sibling = (name: string): Promise<Uint8Array> => readFile(join(dirname(path), name));
  const beside = await sibling('model.json').catch(() => undefined);
  if (beside !== undefined) {
    const expected = hashIn(Buffer.from(beside).toString('utf8'));
    if (expected !== undefined && expected !== sha256(onnx)) {
      throw new DataError(
        `${path} is not the file that model.json beside it describes (SHA-256 differs); copy both again`,
      );
    }
  }
  return { onnx, card: readCard(onnx, path), sibling };
}

function hashIn(json: string): string | undefined {
  try {
    return (JSON.parse(json) as { sha256?: Record<string, string> }).sha256?.['model.onnx'];
  } catch {
    return undefined;
  }
}
