export function deriveChunk(chunk: i32): void {}
