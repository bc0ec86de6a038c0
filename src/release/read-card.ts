import { DataError } from '../core/errors.js';
import { readModelInfo } from '../onnx/proto.js';
import type { ServingCard } from './card.js';

/**
 * The card inside a graph that this toolkit wrote.
 * @param path names the file in messages
 * @throws {DataError} when the bytes are no such graph
 */
export function readCard(onnx: Uint8Array, path: string): ServingCard {
  if (onnx.length === 0) throw new DataError(`${path} is empty (0 bytes), expected a model; copy it again`);
  let text: string | undefined;
  try {
    text = readModelInfo(onnx).metadata.kol;
  } catch (cause) {
    throw new DataError(`${path} is not an ONNX file, or it is truncated`, { cause });
  }
  if (text === undefined) {
    throw new DataError(`${path} is an ONNX file, but not one that kol wrote: it carries no card`);
  }
  try {
    return JSON.parse(text) as ServingCard;
  } catch (cause) {
    throw new DataError(`${path} carries a card that cannot be read: the file was changed`, { cause });
  }
}
