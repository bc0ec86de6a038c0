// Everything the host may call, one file a concept.
export { histogramEntryBytes } from './placeholder';
export { binTableBytes, buildBinTable, mapToBins, mapToBinsByTable } from './bin-values';
export { addLeaves, addLeavesInFloat32, addLeavesOf4, leafNumbers, missingToLowest } from './predict';
