import type { Command } from 'commander';
import { common } from './option-types.js';

/** What a person may say of a training from the lakehouse. */
export interface LakehouseTrainingOptions {
  readonly seed?: number;
  readonly threads?: number;
  readonly folds?: number;
  readonly config?: string;
  readonly source?: 'duckdb' | 'trino';
  readonly lakehouse?: string;
  readonly asOf?: string;
  readonly snapshot?: string[];
  readonly out?: string;
  readonly runKey?: string;
  readonly hold?: boolean;
  readonly policy?: string;
  readonly requirePromotion?: boolean;
  readonly tune?: number;
  readonly json?: boolean;
}

/** The options of every training from the lakehouse. */
export function lakehouseTraining(command: Command, { out }: { readonly out: string }): Command {
  return command
    .addOption(common.source())
    .addOption(common.lakehouse())
    .addOption(common.seed())
    .addOption(common.threads())
    .addOption(common.folds())
    .addOption(common.asOf())
    .addOption(common.snapshot())
    .addOption(common.config())
    .addOption(common.tune())
    .option('--out <folder>', out)
    .addOption(common.runKey())
    .addOption(common.hold())
    .addOption(common.policy())
    .addOption(common.requirePromotion())
    .addOption(common.json());
}
