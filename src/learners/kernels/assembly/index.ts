// Everything the host may call.
export { runPhase, serve } from './team';
export { countLeft } from './divide';
export { clearHistogram } from './histogram';
export { mapToBins } from './bin-values';
