// Everything the host may call.
export { runAlone, runPhase, serve } from './team';
export { countLeft } from './divide';
export { clearHistogram } from './histogram';
export { mapToBins } from './bin-values';
export { derivatives, softmaxDerivatives } from './derivatives';
export { expOfRows } from './exp';
