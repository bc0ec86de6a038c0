// What a chunk of every phase is.
import { boundsOfColumn } from './bounds';
import {
  isSampledAt,
  phaseBinaryPack,
  phaseBinaryRoot,
  phaseBounds,
  phaseDerive,
  phaseDivide,
  phaseGather,
  phaseLeaves,
  phaseLevel,
  phaseMap,
  phaseMaxima,
  phaseQuantise,
  phaseReturn,
  phaseRoot,
  phaseScan,
  phaseTranspose,
  phaseWalk,
  rowsAt,
  sampleEndAt,
  scanTasksAt,
  tileRows,
} from '../control';
import { deriveChunk } from './derive';
import { divideChunk, moveChunk } from './divide';
import { sumRootChunk } from './histogram';
import { addLeafChunk, walkChunk } from './leaves';
import { maximaChunk, packBinary, quantiseChunk } from './quantise';
import { gatherChunk, mapTask, returnChunk, transposeChunk } from './rows';
import { scanTask } from './scan';
import { levelTask } from './scan-level';

export function runChunk(phase: i32, chunk: i32, thread: i32): void {
  switch (phase) {
    case phaseBounds:
      boundsOfColumn(chunk);
      break;
    case phaseMap:
      mapTask(chunk);
      break;
    case phaseTranspose:
      transposeChunk(chunk);
      break;
    case phaseDerive:
      deriveChunk(chunk);
      maximaChunk(chunk);
      break;
    case phaseMaxima:
      maximaChunk(chunk);
      break;
    case phaseQuantise:
      quantiseChunk(chunk);
      break;
    case phaseBinaryPack:
      packBinary(chunk * tileRows, rowsOf(chunk, load<i32>(rowsAt)));
      break;
    case phaseBinaryRoot:
      // The derivatives are summed while they are in the nearest cache.
      packBinary(chunk * tileRows, rowsOf(chunk, load<i32>(rowsAt)));
      sumRootChunk(chunk * tileRows, rowsOf(chunk, load<i32>(rowsAt)), thread, false);
      break;
    case phaseRoot:
      sumRootChunk(chunk * tileRows, rowsOf(chunk, load<i32>(sampleEndAt)), thread, load<i32>(isSampledAt) != 0);
      break;
    case phaseDivide:
      divideChunk(chunk, thread);
      break;
    case phaseScan: {
      const scans = load<i32>(scanTasksAt);
      if (chunk < scans) scanTask(chunk, thread);
      else moveChunk(chunk - scans);
      break;
    }
    case phaseLevel:
      levelTask(chunk);
      break;
    case phaseLeaves:
      addLeafChunk(chunk);
      break;
    case phaseGather:
      gatherChunk(chunk);
      break;
    case phaseReturn:
      returnChunk(chunk);
      break;
    case phaseWalk:
      walkChunk(chunk);
      break;
  }
}

function rowsOf(chunk: i32, rows: i32): i32 {
  return min(tileRows, rows - chunk * tileRows);
}
