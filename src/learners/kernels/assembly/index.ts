// Everything the host may call.
export { runPhase, serve } from './team';
export { countLeft } from './divide';
export { mapToBins } from './bin-values';
