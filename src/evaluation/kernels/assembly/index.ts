// Everything the host may call.
export { drawCounts, seedDraws } from './draw-counts';
export { weightedSum } from './weighted-sum';
