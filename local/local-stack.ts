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
import type { MiniStack } from './ministack/ministack';
import type { Steps } from './steps';
import type { CodeModules } from '../worker/code';
import { releases } from './releases';
import { openTemporalService } from './temporal/service';
import type { TemporalService } from './temporal/service';
import { ReplaceableWorker } from './processes/worker-process';

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
  const parts = new Parts();
  try {
    return await startParts(options, parts);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

/** The parts that have been started. */
class Parts {
  private readonly stops: (() => Promise<void>)[] = [];
  private readonly failures = new EventEmitter<{ failure: [string] }>();
  private stopping: Promise<void> | undefined;
  /** Resolves when a part has ended unexpectedly, with a description. */
  readonly failure = once(this.failures, 'failure').then(([what]) => String(what));

  add(stop: () => Promise<void>, failure?: Promise<string>): void {
    this.stops.push(stop);
    void failure?.then(this.fail);
  }

  readonly fail = (what: string): void => {
    this.failures.emit('failure', what);
  };

  /** Stops the parts, the last one first. If one fails to stop, the reaper cleans up (cleanup-on-exit.ts). */
  stop(): Promise<void> {
    this.stopping ??= (async () => {
      for (const stop of this.stops.toReversed()) await stop().catch(() => {});
    })();
    return this.stopping;
  }
}

async function startParts(options: LocalStackOptions, parts: Parts): Promise<RunningStack> {
  const { steps, signal, config: given } = options;
  const instanceFolder = await createInstanceFolder();
  parts.add(() => instanceFolder.remove());
  const folder = instanceFolder.path;

  const python = await steps.run('MiniStack package', async (step) => {
    const found = await findMiniStack({ progress: step.progress, signal });
    step.result(found);
    return found;
  });
  const { dynamicConfig, through } = options;
  const namespaces = given && namespacesOf(given);
  const temporal = await openTemporalService({ folder, steps, signal, namespaces, dynamicConfig, through });
  parts.add(() => temporal.stop(), temporal.failure);
  const ministack = await steps.run('MiniStack (AWS emulator)', async (step) => {
    const started = await startMiniStack({ python, folder, signal });
    step.result(`${started.endpointUrl}, IAM enforced`);
    return started;
  });
  parts.add(() => ministack.stop(), ministack.failure);

  const { operator, secretArns } = await createAccess(steps, ministack, temporal);
  const [namespace] = temporal.namespaces;
  const taskQueue = given?.worker?.taskQueue ?? temporal.taskQueue;
  const { webUiUrl } = temporal;
  const place = { namespace, taskQueue, secretArns, temporal: temporal.details, webUiUrl };
  const config = localDeployment(given ?? defaultConfig(temporal.namespaces), place);
  const stackOptions = { ministack, config, folder, signal };
  await steps.run('cdk bootstrap', () => bootstrapAccount(stackOptions));
  const stack = await steps.run('cdk deploy', async (step) => {
    const deployed = await deployControlStack(stackOptions);
    const ignored = keysLeftOut(given ?? config);
    step.result([deployed.apiUrl, ...(ignored.length > 0 ? [`without ${ignored.join(', ')}`] : [])].join(', '));
    return deployed;
  });

  const details: LocalDetails = {
    ...stack,
    ...place,
    region: ministack.region,
    accountId: ministack.accountId,
    credentials: operator,
    awsEndpointUrl: ministack.endpointUrl,
    eventSource: localEventSource,
    logFolder: folder,
  };
  const worker = await runWorker(options, parts, { ...details, credentials: await createWorkerKeys(ministack) });
  const claimed = options.detailsFolder === undefined ? undefined : await claimFolder(options.detailsFolder);
  if (claimed) parts.add(() => claimed.release());
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
    deployRelease: (release) => worker.run(release),
    failure: parts.failure,
    stop: () => parts.stop(),
  };
}

/** Creates the IAM user of Rewind's callers, and the secrets with the namespaces' certificates. */
const createAccess = (steps: Steps, ministack: MiniStack, { namespaces, certificate }: TemporalService) =>
  steps.run('IAM user and secrets', async (step) => {
    const operator = await createOperator(ministack);
    const secretArns: Record<string, string> = {};
    for (const name of namespaces) {
      secretArns[name] = await storeCertificate(ministack, operator, name, certificate);
    }
    step.result('rewind-operator; the client certificate in Secrets Manager');
    return { operator, secretArns };
  });

async function runWorker(options: LocalStackOptions, parts: Parts, details: LocalDetails): Promise<ReplaceableWorker> {
  const { steps, signal, config, release = releases.working } = options;
  const { workflows = [], activities = [] } = config?.worker ?? {};
  const logFile = `${details.logFolder}/worker.log`;
  const worker = new ReplaceableWorker({ details, logFile, modules: { workflows, activities }, signal }, parts.fail);
  parts.add(() => worker.stop());
  await steps.run('Worker', async (step) => {
    await worker.run(release);
    step.result(`polls the task queue ${details.taskQueue} over mutual TLS`);
  });
  return worker;
}
