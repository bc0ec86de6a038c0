import type { Assessment } from '../champion/assess.js';
import type { FittedChampion } from '../champion/fit.js';
import type { ChampionModel, InputColumn, Task } from '../champion/model.js';
import type { Lineage } from '../core/lineage.js';
import { sha256 } from '../core/record.js';
import type { MetricEstimate } from '../evaluation/metric.js';
import type { PartFigures } from '../evaluation/part-figures.js';
import { toolkitVersion } from '../version.js';

/** One output of the graph. */
export interface OutputColumn {
  readonly name: string;
  readonly description: string;
}

/** What the graph itself carries, so that the file can be used without its neighbours. */
export interface ServingCard {
  readonly format: 1;
  readonly name: string;
  readonly task: Task;
  readonly classes: readonly string[];
  readonly inputs: readonly InputColumn[];
  readonly outputs: readonly OutputColumn[];
  /** The outputs that are judged: probability of the positive class; of each class; the prediction. */
  readonly primaryOutputs: readonly string[];
  /** Columns that name the rows, copied through when scoring; empty where there are none. */
  readonly idColumns: readonly string[];
  readonly features: readonly string[];
  /** Binary: probabilities of the positive class from here up are called positive. */
  readonly threshold: number;
  /** SHA-256 of the inputs' names and types. */
  readonly schemaHash: string;
  readonly toolkitVersion: string;
  readonly seed: number;
  /** The content of the training rows. */
  readonly trainingSnapshot: string;
}

/** A base model and its weight in the stack. */
export interface BaseCard {
  readonly name: string;
  readonly kind: string;
  readonly weight: number;
}

/** How a champion did on rows that were held out. */
export interface AssessmentCard {
  readonly title: string;
  readonly note: string;
  readonly trainRows: number;
  readonly testRows: number;
  readonly metrics: readonly MetricEstimate[];
}

/** What a person should know before using a model. */
export interface UseInWords {
  /** What it is for, in sentences. */
  readonly intended: readonly string[];
  /** What it is not for, and what it cannot know. */
  readonly limits: readonly string[];
}

/** `model.json`: the serving card, the figures, the lineage and the hashes. */
export interface ModelCard extends ServingCard {
  readonly featureDescriptions: Readonly<Record<string, string>>;
  readonly bases: readonly BaseCard[];
  readonly stack: string;
  readonly calibrator: string;
  readonly assessments: readonly AssessmentCard[];
  /** Further answers of the same graph. */
  readonly further?: readonly {
    readonly name: string;
    readonly task: Task;
    readonly bases: readonly BaseCard[];
    readonly stack: string;
    readonly assessments: readonly AssessmentCard[];
  }[];
  readonly use: UseInWords;
  /** How it did on parts of the rows held out at random. */
  readonly parts: readonly PartFigures[];
  /** The command that makes it again. */
  readonly command: string;
  readonly lineage: Lineage;
  readonly sha256: Readonly<Record<string, string>>;
}

/** What names a model and its place, beside the fitted model itself. */
export interface CardFacts {
  readonly name: string;
  readonly outputs: readonly OutputColumn[];
  readonly primaryOutputs: readonly string[];
  readonly idColumns: readonly string[];
  readonly seed: number;
  readonly lineage: Lineage;
}

/** The card that goes into the graph. */
export function servingCard(model: ChampionModel, threshold: number, facts: CardFacts): ServingCard {
  return {
    format: 1,
    name: facts.name,
    task: model.task,
    classes: model.classes,
    inputs: model.inputs,
    outputs: facts.outputs,
    primaryOutputs: facts.primaryOutputs,
    idColumns: facts.idColumns,
    features: model.features.map(({ name }) => name),
    threshold,
    schemaHash: sha256(JSON.stringify(model.inputs.map(({ name, type }) => [name, type]))),
    toolkitVersion,
    seed: facts.seed,
    trainingSnapshot: facts.lineage.digest,
  };
}

/** The card that stands beside the graph. */
export function modelCard(
  card: ServingCard,
  model: ChampionModel,
  assessments: readonly Assessment[],
  { stackChoice, calibratorChoice }: FittedChampion,
  about: Pick<ModelCard, 'use' | 'parts' | 'command' | 'lineage'>,
  onnx: Uint8Array,
  further: readonly {
    readonly name: string;
    readonly model: ChampionModel;
    readonly assessments: readonly Assessment[];
  }[] = [],
): ModelCard {
  return {
    ...card,
    featureDescriptions: Object.fromEntries(
      model.features.map(({ name, description }) => [name, description]),
    ),
    bases: baseCards(model),
    stack: stackChoice.name,
    calibrator: calibratorChoice.name,
    assessments: assessments.map(assessmentCard),
    ...(further.length > 0 && {
      further: further.map((target) => ({
        name: target.name,
        task: target.model.task,
        bases: baseCards(target.model),
        stack: target.assessments[0].fitted.stackChoice.name,
        assessments: target.assessments.map(assessmentCard),
      })),
    }),
    ...about,
    sha256: { 'model.onnx': sha256(onnx) },
  };
}

function baseCards({ bases, stack }: ChampionModel): BaseCard[] {
  return bases.map(({ name, model: { kind } }, b) => ({ name, kind, weight: stack.weights[b] }));
}

function assessmentCard({ title, note, nTrain, rows, evaluation }: Assessment): AssessmentCard {
  return { title, note, trainRows: nTrain, testRows: rows.length, metrics: evaluation.metrics };
}
