// Everything the host may call.
export { runAlone, runPhase, serve } from './team';
export { countLeft } from './divide';
export { clearHistogram } from './histogram';
export { binTableBytes, buildBinTable, mapToBins, mapToBinsByTable, mapToCodes } from './bin-values';
export { derivatives, softmaxDerivatives } from './derivatives';
export { expOfRows } from './exp';
export { addLeaves, addLeavesInFloat32, addLeavesOf4, leafNumbers, missingToLowest, setToBins } from './predict';
export { addLeafShap, goesLeft, goesLeftBySet, leafShapBytes } from './tree-shap';
