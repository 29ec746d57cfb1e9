import { EventEmitter, once } from 'node:events';
import type { RewindConfigInput } from '../lib/config';
import { createOperator, createWorkerKeys, storeCertificate } from './ministack/aws-setup';
import { bootstrapAccount, deployControlStack } from './control-stack';
import { defaultConfig, keysLeftOut, localDeployment, localEventSource, namespacesOf } from './deployment-config';
import { claimFolder } from './processes/claimed-folder';
import { writeDetails } from './details';
import type { DetailsFiles, LocalDetails } from './details';
import { shellEnvironment } from './shell';
import { createInstanceFolder } from './processes/instance-folder';
import { findMiniStack, startMiniStack } from './ministack/ministack';
import type { RunningProcess } from './processes/processes';
import type { Steps } from './steps';
import type { CodeModules } from '../worker/code';
import { releases } from './releases';
import { openTemporalService } from './temporal/service';
import { startWorker } from './processes/worker-process';

export interface LocalStackOptions {
  steps: Steps;
  /** The configuration to deploy. Its namespaces are served on this machine, whatever their addresses. A small default when absent. */
  config?: RewindConfigInput | undefined;
  /** Folder for the details, unless another local stack has claimed it. Otherwise, and when absent, the details are in the stack's own folder. */
  detailsFolder?: string;
  /** What the worker initially runs in addition to the configured modules; the working samples when absent. */
  release?: CodeModules;
  /** See `TemporalServerOptions.dynamicConfig`. */
  dynamicConfig?: string[];
  /** See `TemporalServiceOptions.through`. */
  through?: (address: string) => Promise<string>;
  /** Aborts the start: everything that was started is stopped, and the start rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Rewind, running on this machine. */
export interface RunningStack {
  details: LocalDetails;
  files: DetailsFiles;
  /** Folder with the logs. */
  folder: string;
  /** Deploys the control stack again, with a changed configuration of the same namespaces. */
  redeploy(config: RewindConfigInput): Promise<void>;
  /** Replaces the worker with one that runs another release. */
  deployRelease(release: CodeModules): Promise<void>;
  /** Resolves when a part has ended unexpectedly, with a description. */
  failure: Promise<string>;
  /** Stops everything and removes its files. May be called more than once. */
  stop(): Promise<void>;
}

/** Starts a Temporal service behind mutual TLS, MiniStack with the control stack on it, and the worker. */
export async function startLocalStack(options: LocalStackOptions): Promise<RunningStack> {
  const { steps, signal } = options;
  const undo: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= undoAll(undo));
  const failures = new EventEmitter<{ failure: [string] }>();
  const failure = once(failures, 'failure').then(([what]) => String(what));
  const reportFailure = (what: string) => failures.emit('failure', what);

  try {
    const instanceFolder = await createInstanceFolder();
    undo.push(() => instanceFolder.remove());
    const folder = instanceFolder.path;

    const python = await steps.run('MiniStack package', async (step) => {
      const found = await findMiniStack({ progress: step.progress, signal });
      step.result(found);
      return found;
    });
    const temporal = await openTemporalService({
      folder,
      steps,
      signal,
      namespaces: options.config && namespacesOf(options.config),
      dynamicConfig: options.dynamicConfig,
      through: options.through,
    });
    undo.push(() => temporal.stop());
    void temporal.failure.then(reportFailure);

    const ministack = await steps.run('MiniStack (AWS emulator)', async (step) => {
      const started = await startMiniStack({ python, folder, signal });
      step.result(`${started.endpointUrl}, IAM enforced`);
      return started;
    });
    undo.push(() => ministack.stop());
    void ministack.failure.then(reportFailure);

    const [namespace] = temporal.namespaces;
    const { operator, secretArns } = await steps.run('IAM user and secrets', async (step) => {
      const created = await createOperator(ministack);
      const arns: Record<string, string> = {};
      for (const name of temporal.namespaces) {
        arns[name] = await storeCertificate(ministack, created, name, temporal.certificate);
      }
      step.result('rewind-operator; the client certificate in Secrets Manager');
      return { operator: created, secretArns: arns };
    });

    const taskQueue = options.config?.worker?.taskQueue ?? temporal.taskQueue;
    const place = { namespace, taskQueue, secretArns, temporal: temporal.details, webUiUrl: temporal.webUiUrl };
    const config = localDeployment(options.config ?? defaultConfig(temporal.namespaces), place);
    const stackOptions = { ministack, config, folder, signal };
    await steps.run('cdk bootstrap', () => bootstrapAccount(stackOptions));
    const stack = await steps.run('cdk deploy', async (step) => {
      const deployed = await deployControlStack(stackOptions);
      const ignored = keysLeftOut(options.config ?? config);
      step.result([deployed.apiUrl, ...(ignored.length > 0 ? [`without ${ignored.join(', ')}`] : [])].join(', '));
      return deployed;
    });

    const details: LocalDetails = {
      apiUrl: stack.apiUrl,
      region: ministack.region,
      accountId: ministack.accountId,
      credentials: operator,
      awsEndpointUrl: ministack.endpointUrl,
      eventBusName: stack.eventBusName,
      eventSource: localEventSource,
      ledgerTableName: stack.ledgerTableName,
      namespace,
      taskQueue,
      webUiUrl: temporal.webUiUrl,
      secretArns,
      accessPolicyArns: stack.accessPolicyArns,
      temporal: temporal.details,
      logFolder: folder,
    };

    const workerDetails = { ...details, credentials: await createWorkerKeys(ministack) };
    let worker: RunningProcess | undefined;
    const { workflows = [], activities = [] } = options.config?.worker ?? {};
    const runWorker = async (release: CodeModules) => {
      const previous = worker;
      // From here on, its end is not a failure.
      worker = undefined;
      await previous?.stop();
      const modules = {
        workflows: [...workflows, ...release.workflows],
        activities: [...activities, ...release.activities],
      };
      const started = await startWorker({ details: workerDetails, logFile: `${folder}/worker.log`, modules, signal });
      worker = started;
      void started.end.then(({ how }) => started === worker && reportFailure(how));
    };
    undo.push(async () => worker?.stop());
    await steps.run('Worker', async (step) => {
      await runWorker(options.release ?? releases.working);
      step.result(`polls the task queue ${details.taskQueue} over mutual TLS`);
    });

    const claimed = options.detailsFolder === undefined ? undefined : await claimFolder(options.detailsFolder);
    if (claimed) undo.push(() => claimed.release());
    const files = await writeDetails(details, claimed?.path ?? folder, (file) =>
      shellEnvironment(details, file, temporal.cli),
    );

    return {
      details,
      files,
      folder,
      redeploy: async (changed) => {
        await deployControlStack({ ...stackOptions, config: localDeployment(changed, place) });
      },
      deployRelease: runWorker,
      failure,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs the actions in reverse order. If one fails, the reaper cleans up (cleanup-on-exit.ts). */
async function undoAll(undo: (() => Promise<void>)[]): Promise<void> {
  for (const action of undo.toReversed()) await action().catch(() => {});
}
