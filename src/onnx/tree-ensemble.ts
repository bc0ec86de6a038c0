import type { GradientBoostingModel } from '../learners/gbm/model.js';
import type { Trees } from '../learners/tree/trees.js';
import { splitSteps, type StepTarget } from './split-steps.js';
import {
  doubles,
  graphBuilder,
  int64s,
  type Attributes,
  type GraphBuilder,
  type ValueName,
} from './graph.js';
import { stackRows, toDouble, transpose } from './layout.js';

/** The trees of one model over a common design matrix. */
export interface Ensemble {
  readonly trees: Trees;
  /** `[nTargets]` where the sums start; tree t adds to target t mod nTargets. */
  readonly base: ArrayLike<number>;
  /** Columns of the design matrix, by feature of the trees. */
  readonly columns: readonly number[];
}

/**
 * A TreeEnsembleRegressor that reads the design matrix where it lies. Thresholds and sums are doubles, so that the
 * order of summation cannot be seen in the float32 result: a model that sums in float32 is met to within that
 * rounding. One node per model: ONNX Runtime walks a single target
 * faster than several models stacked into the targets of one node.
 *
 * @param X design matrix `[N, nColumns]`, double
 * @returns leaf sums `[N, nTargets]`, float
 */
export function treeEnsemble(graph: GraphBuilder, X: ValueName, ensemble: Ensemble): ValueName {
  return graph.node('TreeEnsembleRegressor', [X], treeAttributes(ensemble), 'ai.onnx.ml');
}

function treeAttributes({ trees, base, columns }: Ensemble): Attributes {
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
  let treeId = 0;

  function addNode(node: number, feature: number, threshold: number, mode: string, missing = false): void {
    treeIds.push(treeId);
    nodeIds.push(node);
    featureIds.push(feature);
    thresholds.push(threshold);
    modes.push(mode);
    trueIds.push(0);
    falseIds.push(0);
    missingTrue.push(missing ? 1 : 0);
  }

  function addLeaf(node: number, target: number, weight: number): void {
    addNode(node, 0, 0, 'LEAF');
    targetTrees.push(treeId);
    targetNodes.push(node);
    targetIds.push(target);
    weights.push(weight);
  }

  // Pre-order with ids counted from the root: small numbers take one byte each.
  function addTree(root: number, target: number): void {
    let next = 0;
    function visit(source: number): number {
      const first = next;
      if (trees.feature[source] < 0) {
        addLeaf(next++, target, trees.value[source]);
        return first;
      }
      const steps = splitSteps(trees, source);
      const at = nodeIds.length;
      for (const { threshold, missingTrue: missing } of steps) {
        addNode(next++, columns[trees.feature[source]], threshold, 'BRANCH_LEQ', missing);
      }
      const sides = { left: visit(trees.left[source]), right: visit(trees.right[source]) };
      const idOf = (to: StepTarget): number => {
        if (typeof to === 'number') return first + to;
        if (to !== 'nowhere') return sides[to];
        addLeaf(next, target, 0);
        return next++;
      };
      steps.forEach(({ onTrue, onFalse }, i) => {
        trueIds[at + i] = idOf(onTrue);
        falseIds[at + i] = idOf(onFalse);
      });
      return first;
    }
    visit(root);
    treeId++;
  }

  trees.roots.forEach((root, t) => addTree(root, t % base.length));
  // An ensemble without trees still needs a node.
  if (treeId === 0) addLeaf(0, 0, 0);

  return {
    aggregate_function: { s: 'SUM' },
    post_transform: { s: 'NONE' },
    n_targets: { i: base.length },
    base_values_as_tensor: { t: doubles(Array.from(base)) },
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
  const margins = treeEnsemble(graph, toDouble(graph, transpose(graph, stackRows(graph, inputs))), {
    trees: model.trees,
    base: model.baseScore,
    columns: inputs.map((_, j) => j),
  });
  for (let k = 0; k < model.nMargins; k++) {
    graph.output(`margin_${k}`, 'Gather', [margins, graph.constant(int64s([k], []))], { axis: { i: 1 } });
  }
  return graph.finish();
}
