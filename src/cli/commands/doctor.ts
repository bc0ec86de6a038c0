import { Command, Option } from 'commander';
import { KolError } from '../../core/errors.js';
import type { Examination } from '../doctor/check.js';
import { runStore } from '../doctor/disk.js';
import { embeddedLakehouse } from '../doctor/embedded-lakehouse.js';
import { examine } from '../doctor/examine.js';
import { machine } from '../doctor/machine.js';
import { mlflow } from '../doctor/mlflow.js';
import { objectStore } from '../doctor/object-store.js';
import { reportText, verdict } from '../doctor/report.js';
import { trino } from '../doctor/trino.js';
import { common, wholeNumber } from '../option-types.js';
import type { CliSession } from '../session.js';

interface DoctorOptions {
  readonly lakehouse?: string;
  readonly timeout: number;
  readonly json?: boolean;
}

/** `kol doctor` */
export function doctorCommand(session: CliSession): Command {
  return new Command('doctor')
    .description('check this machine and every service that is configured, and say how to mend them')
    .addOption(common.lakehouse())
    .addOption(
      new Option('--timeout <seconds>', 'longest time for each check')
        .default(10)
        .argParser(wholeNumber(1, 600)),
    )
    .addOption(common.json())
    .addHelpText(
      'after',
      `
Checks Trino where TRINO_URL is set, MLflow where MLFLOW_TRACKING_URI is, and the
object store where AWS_ENDPOINT_URL_S3 or MLFLOW_S3_ENDPOINT_URL is. Writes nothing
but an empty folder in the store, which it removes.

Exit codes: 0 nothing failed, 1 the installation, 2 the configuration, 3 the tables
of a lakehouse, 5 a service.

Example:
  TRINO_URL=http://trino:8080 kol doctor --timeout 5`,
    )
    .action(async (options: DoctorOptions) => {
      const examinations = planned(session, options);
      const checks = await examine(examinations, options.timeout, session.signal);
      session.print(options.json ? JSON.stringify(checks, null, 2) : reportText(examinations, checks));
      const failure = verdict(checks);
      if (failure !== undefined) throw new KolError(failure.code, failure.message);
    });
}

function planned({ environment }: CliSession, { lakehouse, timeout }: DoctorOptions): readonly Examination[] {
  return [
    machine(),
    runStore(environment.store),
    embeddedLakehouse(lakehouse ?? environment.lakehouse, lakehouse !== undefined),
    ...(environment.trino ? [trino(environment.trino, timeout)] : []),
    ...(environment.mlflow ? [mlflow(environment.mlflow)] : []),
    ...(environment.objectStore ? [objectStore(environment.objectStore)] : []),
  ];
}
