// Everything the host may call.
export { drawCounts } from './draw-counts';
export { weightedSum } from './weighted-sum';
