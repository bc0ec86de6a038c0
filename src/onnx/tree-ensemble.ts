import type { GradientBoostingModel } from '../learners/gbm/model.js';
import type { Trees } from '../learners/tree/trees.js';
import { doubles, graphBuilder, int64s, type Attributes, type GraphBuilder, type ValueName } from './graph.js';

/** The trees of one model, as part of a bigger ensemble over a common design matrix. */
export interface Ensemble {
  readonly trees: Trees;
  /** `[nTargets]` where the sums start; tree t adds to target t mod nTargets. */
  readonly base: ArrayLike<number>;
  /** Columns of the design matrix, by feature of the trees. */
  readonly columns: readonly number[];
}

/**
 * All trees of several models as one TreeEnsembleRegressor: a single node costs less than one per model, and every
 * model reads the design matrix where it lies. Thresholds and sums are doubles, so that the order of summation
 * cannot be seen in the float32 result.
 *
 * @param X design matrix `[N, nColumns]`, double
 * @returns leaf sums `[N, nTargets]`, float, the targets of the first ensemble first
 */
export function treeEnsemble(graph: GraphBuilder, X: ValueName, ensembles: readonly Ensemble[]): ValueName {
  return graph.node('TreeEnsembleRegressor', [X], treeAttributes(ensembles), 'ai.onnx.ml');
}

function treeAttributes(ensembles: readonly Ensemble[]): Attributes {
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const featureIds: number[] = [];
  const thresholds: number[] = [];
  const modes: string[] = [];
  const trueIds: number[] = [];
  const falseIds: number[] = [];
  const missingTrue: number[] = [];
  const targetTrees: number[] = [];
  const targetNodes: number[] = [];
  const targetIds: number[] = [];
  const weights: number[] = [];
  const base: number[] = [];
  let treeId = 0;

  function addNode(node: number, feature: number, threshold: number, mode: string): void {
    treeIds.push(treeId);
    nodeIds.push(node);
    featureIds.push(feature);
    thresholds.push(threshold);
    modes.push(mode);
    trueIds.push(0);
    falseIds.push(0);
    missingTrue.push(0);
  }

  function addLeaf(node: number, target: number, weight: number): void {
    addNode(node, 0, 0, 'LEAF');
    targetTrees.push(treeId);
    targetNodes.push(node);
    targetIds.push(target);
    weights.push(weight);
  }

  // Pre-order with ids counted from the root: small numbers take one byte each.
  function addTree({ trees, columns }: Ensemble, root: number, target: number): void {
    let next = 0;
    function visit(source: number): number {
      const node = next++;
      const at = nodeIds.length;
      if (trees.feature[source] < 0) {
        addLeaf(node, target, trees.value[source]);
        return node;
      }
      addNode(node, columns[trees.feature[source]], trees.threshold[source], 'BRANCH_LEQ');
      missingTrue[at] = trees.missingLeft[source];
      trueIds[at] = visit(trees.left[source]);
      falseIds[at] = visit(trees.right[source]);
      return node;
    }
    visit(root);
    treeId++;
  }

  for (const ensemble of ensembles) {
    const first = base.length;
    base.push(...Array.from(ensemble.base));
    ensemble.trees.roots.forEach((root, t) => addTree(ensemble, root, first + (t % ensemble.base.length)));
  }
  if (treeId === 0) addLeaf(0, 0, 0);

  return {
    aggregate_function: { s: 'SUM' },
    post_transform: { s: 'NONE' },
    n_targets: { i: base.length },
    base_values_as_tensor: { t: doubles(base) },
    nodes_treeids: { ints: treeIds },
    nodes_nodeids: { ints: nodeIds },
    nodes_featureids: { ints: featureIds },
    nodes_modes: { strings: modes },
    nodes_values_as_tensor: { t: doubles(thresholds) },
    nodes_truenodeids: { ints: trueIds },
    nodes_falsenodeids: { ints: falseIds },
    ...(missingTrue.includes(1) ? { nodes_missing_value_tracks_true: { ints: missingTrue } } : {}),
    target_treeids: { ints: targetTrees },
    target_nodeids: { ints: targetNodes },
    target_ids: { ints: targetIds },
    target_weights_as_tensor: { t: doubles(weights) },
  };
}

/**
 * A boosted ensemble alone, for checking it at the very edges of its thresholds: one float `[N]` input per feature,
 * one output `margin_<k>` per margin.
 */
export function exportTrees(model: GradientBoostingModel): Uint8Array {
  const graph = graphBuilder('trees');
  const inputs = model.featureNames.map((name) => graph.input(name, 'float'));
  const stacked = inputs.length === 1 ? inputs[0] : graph.node('Concat', inputs, { axis: { i: 0 } });
  const byFeature = graph.node('Reshape', [stacked, graph.constant(int64s([inputs.length, -1]))]);
  const byRow = graph.node('Transpose', [byFeature]);
  const margins = treeEnsemble(graph, graph.node('Cast', [byRow], { to: { i: 11 } }), [
    { trees: model.trees, base: model.baseScore, columns: inputs.map((_, j) => j) },
  ]);
  for (let k = 0; k < model.nMargins; k++) {
    graph.output(`margin_${k}`, 'Gather', [margins, graph.constant(int64s([k], []))], { axis: { i: 1 } });
  }
  return graph.finish();
}
