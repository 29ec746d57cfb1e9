import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { EnvironmentVariable } from '../../aws/environment';
import { namespaceConnection } from '../deployment-config';
import type { CodeModules } from '../../worker/code';
import type { LocalDetails } from '../details';
import { freePort, withFreshPorts } from './ports';
import { startProcess, waitUntilReady } from './processes';
import type { RunningProcess } from './processes';
import { inProject, projectFolder } from '../project';
import { UserError } from '../user-error';

/** Bundling the workflows takes seconds, and much longer on a busy machine. */
const READY_TIMEOUT_MS = 120_000;

/** Matches the worker's messages for refused credentials: see `explainConnectFailure`. */
const CREDENTIALS_REFUSED =
  /refuses the credentials|the certificate in secret \S+ expired|that does not match the \\"ca\\"/;

interface WorkerProcessOptions {
  details: Pick<
    LocalDetails,
    | 'awsEndpointUrl'
    | 'credentials'
    | 'ledgerTableName'
    | 'namespace'
    | 'region'
    | 'secretArns'
    | 'taskQueue'
    | 'temporal'
  >;
  logFile: string;
  /** Modules to run in addition to batch operations; paths from the root of the checkout. */
  modules: CodeModules;
  signal?: AbortSignal | undefined;
}

/** Rewind's worker, which can be replaced by one that runs another release. */
export class ReplaceableWorker {
  private running: RunningProcess | undefined;

  /** @param onFailure called when the worker has ended unexpectedly, with a description */
  constructor(
    private readonly options: WorkerProcessOptions,
    private readonly onFailure: (how: string) => void,
  ) {}

  /** @param release modules to run in addition to those of the options */
  async run(release: CodeModules): Promise<void> {
    const { workflows, activities } = this.options.modules;
    await this.stop();
    const modules = {
      workflows: [...workflows, ...release.workflows],
      activities: [...activities, ...release.activities],
    };
    const started = await startWorker({ ...this.options, modules });
    this.running = started;
    void started.end.then(({ how }) => started === this.running && this.onFailure(how));
  }

  async stop(): Promise<void> {
    const previous = this.running;
    // From here on, its end is not a failure.
    this.running = undefined;
    await previous?.stop();
  }
}

/** Starts Rewind's worker, which reads its certificate from the local stack's secret, and waits until it polls. */
export async function startWorker(options: WorkerProcessOptions): Promise<RunningProcess> {
  const { details, logFile, modules, signal } = options;
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|REWIND)_/.test(name));
  return withFreshPorts(async () => {
    const healthPort = await freePort();
    const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
    const named = [
      ...modules.workflows.flatMap((module) => ['--workflows', module]),
      ...modules.activities.flatMap((module) => ['--activities', module]),
    ];
    const worker = await startProcess(process.execPath, ['--import', 'tsx', inProject('worker/main.ts'), ...named], {
      name: 'The worker',
      logFile,
      cwd: projectFolder,
      env: {
        ...Object.fromEntries(own),
        AWS_ENDPOINT_URL: details.awsEndpointUrl,
        AWS_REGION: details.region,
        AWS_ACCESS_KEY_ID: details.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: details.credentials.secretAccessKey,
        AWS_CONFIG_FILE: path.join(path.dirname(logFile), 'no-aws-config'),
        AWS_SHARED_CREDENTIALS_FILE: path.join(path.dirname(logFile), 'no-aws-credentials'),
        [EnvironmentVariable.namespaces]: JSON.stringify({
          [details.namespace]: namespaceConnection(details.namespace, details),
        }),
        [EnvironmentVariable.workerNamespace]: details.namespace,
        [EnvironmentVariable.taskQueue]: details.taskQueue,
        [EnvironmentVariable.ledgerTable]: details.ledgerTableName,
        [EnvironmentVariable.ledgerRetentionDays]: '400',
        [EnvironmentVariable.healthPort]: String(healthPort),
      },
    });
    try {
      await waitUntilReady(worker, () => isPolling(healthPort, logFile, logStart), {
        what: 'the worker',
        timeoutMs: READY_TIMEOUT_MS,
        signal,
      });
    } catch (error) {
      await worker.stop();
      throw error;
    }
    return worker;
  });
}

/**
 * @param logStart size of the log before the worker was started
 * @throws {UserError} if Temporal refuses the credentials; the worker itself would try again for two minutes
 */
async function isPolling(healthPort: number, logFile: string, logStart: number): Promise<boolean> {
  const log = readFileSync(logFile).subarray(logStart).toString();
  const refusal = log.split('\n').find((line) => line.includes('"message"') && CREDENTIALS_REFUSED.test(line));
  if (refusal !== undefined) {
    const { message }: { message: string } = JSON.parse(refusal);
    throw new UserError(`The worker cannot poll: ${message.replace(/; next try in \d+ s$/, '')}`);
  }
  return (await fetch(`http://127.0.0.1:${healthPort}/ready`)).ok;
}
