import { EventEmitter, once } from 'node:events';
import type { RewindConfigInput } from '../lib/config';
import { createOperator, storeCertificate } from './aws-setup';
import { bootstrapAccount, deployControlStack } from './control-stack';
import { defaultConfig, localDeployment, localEventSource, namespacesOf } from './deployment-config';
import { writeDetails, removeDetails } from './details';
import type { LocalDetails } from './details';
import { createInstanceFolder } from './instance-folder';
import { findMiniStack, startMiniStack } from './ministack';
import type { RunningProcess } from './processes';
import type { Steps } from './steps';
import type { CodeModules } from '../worker/code';
import { releases } from './releases';
import { openTemporalService } from './temporal-service';
import { startWorker } from './worker-process';

export interface LocalCloudOptions {
  steps: Steps;
  /** What to deploy: namespaces by name, wherever they are said to be, triggers and so on. A small one when absent. */
  config?: RewindConfigInput | undefined;
  /** Where its details are kept while it is up; in its own folder when absent, so that many can run side by side. */
  detailsFile?: string;
  /** What the worker runs at first beside the configured modules; the working samples when absent. */
  release?: CodeModules;
  /** The Temporal server's own limits and switches, see `TemporalServerOptions.dynamicConfig`. */
  dynamicConfig?: string[];
  /** When it fires while the cloud starts, what was started is stopped and the start rejects with the reason. */
  signal?: AbortSignal | undefined;
}

/** Rewind, deployed on this machine. */
export interface LocalCloud {
  details: LocalDetails;
  /** File that holds the details. */
  detailsFile: string;
  /** Folder with the logs of everything that runs. */
  folder: string;
  /** Replaces the worker by one that runs another release. */
  deployRelease(release: CodeModules): Promise<void>;
  /** Settles when something that should be up has ended on its own, with what happened. */
  failure: Promise<string>;
  /** Stops everything and removes every trace. Safe to call more than once. */
  stop(): Promise<void>;
}

/** Brings up a Temporal service behind mutual TLS, the AWS emulator with the control stack on it, and the worker. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
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

    const python = await steps.run('MiniStack', async (step) => {
      const found = await findMiniStack({ progress: step.progress, signal });
      step.result(found);
      return found;
    });
    const temporal = await openTemporalService({
      folder,
      steps,
      signal,
      ...(options.config && { namespaces: namespacesOf(options.config) }),
      ...(options.dynamicConfig && { dynamicConfig: options.dynamicConfig }),
    });
    undo.push(() => temporal.stop());
    void temporal.failure.then(reportFailure);

    const ministack = await steps.run('AWS emulator', async (step) => {
      const started = await startMiniStack({ python, folder, signal });
      step.result(`${started.endpointUrl}, IAM enforced`);
      return started;
    });
    undo.push(() => ministack.stop());
    void ministack.failure.then(reportFailure);

    const [namespace] = temporal.namespaces;
    const { operator, secretArns } = await steps.run('Operator and secret', async (step) => {
      const created = await createOperator(ministack);
      const arns: Record<string, string> = {};
      for (const name of temporal.namespaces) {
        arns[name] = await storeCertificate(ministack, created, name, temporal.certificate);
      }
      step.result('an IAM user; the client certificate in Secrets Manager');
      return { operator: created, secretArns: arns };
    });

    const taskQueue = options.config?.worker?.taskQueue ?? temporal.taskQueue;
    const place = { namespace, taskQueue, secretArns, temporal: temporal.details, ...webUi(temporal) };
    const config = localDeployment(options.config ?? defaultConfig(temporal.namespaces), place);
    const stackOptions = { ministack, config, folder, signal };
    await steps.run('cdk bootstrap', () => bootstrapAccount(stackOptions));
    const stack = await steps.run('cdk deploy', async (step) => {
      const deployed = await deployControlStack(stackOptions);
      step.result(deployed.apiUrl);
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
      ...webUi(temporal),
      secretArns,
      accessPolicyArns: stack.accessPolicyArns,
      temporal: temporal.details,
      logFolder: folder,
    };

    let worker: RunningProcess | undefined;
    const { workflows = [], activities = [] } = options.config?.worker ?? {};
    const runWorker = async (release: CodeModules) => {
      const previous = worker;
      // From here on its end is what is wanted, not a failure.
      worker = undefined;
      await previous?.stop();
      const modules = {
        workflows: [...workflows, ...release.workflows],
        activities: [...activities, ...release.activities],
      };
      const started = await startWorker({ details, logFile: `${folder}/worker.log`, modules, signal });
      worker = started;
      void started.end.then(({ how }) => started === worker && reportFailure(how));
    };
    undo.push(async () => worker?.stop());
    await steps.run('Worker', async (step) => {
      await runWorker(options.release ?? releases.working);
      step.result(`polls task queue ${details.taskQueue} over mutual TLS`);
    });

    const detailsFile = options.detailsFile ?? `${folder}/local.json`;
    undo.push(() => removeDetails(details, detailsFile));
    await writeDetails(details, detailsFile, temporal.cli);

    return {
      details,
      detailsFile,
      folder,
      deployRelease: runWorker,
      failure,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const webUi = ({ webUiUrl }: { webUiUrl?: string }) => (webUiUrl === undefined ? {} : { webUiUrl });

/** Newest first. What fails to stop must not keep the rest up; the safety net takes it when this process ends. */
async function undoAll(undo: (() => Promise<void>)[]): Promise<void> {
  for (const action of undo.toReversed()) await action().catch(() => {});
}
