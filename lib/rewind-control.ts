import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable, IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { routes } from '../api/routes';
import type { Route } from '../api/routes';
import { EnvironmentVariable } from '../aws/environment';
import { defaultTaskQueue } from '../worker/config';
import { parseConfig } from './config';
import type { RewindConfigInput } from './config';
import { AccessPolicies } from './constructs/access-policies';
import { notifyTopic, alarmsBelow } from './constructs/alarm';
import { RewindDashboard } from './constructs/dashboard';
import { DeadLetterQueue } from './constructs/dead-letter-queue';
import { EventTriggers } from './constructs/event-triggers';
import { everyMinute } from './constructs/every-minute';
import { Ledger } from './constructs/ledger';
import { OperationAlarms } from './constructs/operation-alarms';
import { OperationEvents } from './constructs/operation-events';
import { RewindApi } from './constructs/rewind-api';
import type { ApiAccess } from './constructs/rewind-api';
import { RewindFunction } from './constructs/rewind-function';
import type { RewindFunctionProps } from './constructs/rewind-function';
import { namespaceConnections } from './namespace-connections';
import { NamespaceSecret } from './namespace-secret';

/** The deployment's configuration, as documented in README.md ("Configuration") and checked by `parseConfig`. */
export type RewindControlProps = RewindConfigInput;

/**
 * Everything that cancels and resets: the API, the event bus, the ledger and the functions behind them. Needs no VPC.
 *
 * @example
 * const rewind = new RewindControl(this, 'Rewind', {
 *   namespaces: { 'prod.a1b2c': { address: 'prod.a1b2c.tmprl.cloud:7233', secretArn } },
 * });
 * rewind.bus.grantPutEventsTo(orderService);
 * @throws {ConfigError} with a line for each key at fault
 */
export class RewindControl extends Construct {
  readonly api: RewindApi;
  readonly bus: EventBus;
  readonly ledger: Ledger;
  /** The managed policies of the configuration's `access`, by name. */
  readonly accessPolicies: ReadonlyMap<string, IManagedPolicy>;
  private readonly secrets: NamespaceSecret[];
  private readonly functionProps: Pick<RewindFunctionProps, 'environment' | 'config'>;

  constructor(scope: Construct, id: string, props: RewindControlProps) {
    super(scope, id);
    const config = parseConfig(props);
    this.secrets = Object.values(config.namespaces).map((namespace) => new NamespaceSecret(this, namespace));
    this.functionProps = {
      environment: {
        [EnvironmentVariable.namespaces]: JSON.stringify(namespaceConnections(config.namespaces)),
        POWERTOOLS_LOG_LEVEL: config.logLevel,
      },
      config: config.functions,
    };
    const { provisionedConcurrency: warm } = config.functions;

    const ledger = new Ledger(this, 'Ledger', config.ledger);
    this.ledger = ledger;
    const { access, throttling } = config;
    const api = new RewindApi(this, 'Api', { throttling, traced: config.tracing !== undefined, reach: config.api });
    this.api = api;
    this.accessPolicies = new AccessPolicies(this, 'Access', { api, access, namespaces: config.namespaces }).policies;

    this.workflowRoute(routes.describeWorkflow, 'Describe', 'Describes a workflow', warm);
    this.workflowRoute(routes.listResetPoints, 'ResetPoints', 'Lists where a workflow can be reset to', warm);

    const cancel = this.workflowRoute(routes.cancelWorkflow, 'Cancel', 'Asks a workflow to cancel', warm);
    const terminate = this.workflowRoute(routes.terminateWorkflow, 'Terminate', 'Terminates a workflow', warm);
    const reset = this.workflowRoute(routes.resetWorkflow, 'Reset', 'Resets a workflow', warm);
    for (const acting of [cancel, terminate, reset]) ledger.writableBy(acting);

    const listOperations = this.ledgerRoute(
      routes.listOperations,
      'ListOperations',
      'Lists the operations on a workflow',
    );
    const getOperation = this.ledgerRoute(routes.getOperation, 'GetOperation', 'Shows an operation');
    for (const reading of [listOperations, getOperation]) ledger.readableBy(reading);

    const batch = {
      start: this.workflowRoute(routes.startBatchOperation, 'StartBatchOperation', 'Begins a batch operation'),
      get: this.workflowRoute(routes.getBatchOperation, 'GetBatchOperation', 'Shows how far a batch operation is'),
      items: this.ledgerRoute(routes.listBatchItems, 'ListBatchItems', 'Lists what a batch operation did'),
      cancel: this.workflowRoute(routes.cancelBatchOperation, 'CancelBatchOperation', 'Stops a batch operation'),
      retry: this.workflowRoute(routes.retryBatchOperation, 'RetryBatchOperation', 'Takes failed items again'),
    };
    for (const acting of [batch.start, batch.cancel, batch.retry]) ledger.writableBy(acting);
    for (const reading of [batch.get, batch.items, batch.retry]) ledger.readableBy(reading);

    const bus = new EventBus(this, 'Bus', { description: 'Events that cancel workflows, and what Rewind did' });
    this.bus = bus;
    const cancelOnEvent = this.workflowFunction('CancelOnEvent', 'cancel-on-event', 'Cancels what an event is about');
    ledger.writableBy(cancelOnEvent);
    for (const beginning of [batch.start, batch.retry, cancelOnEvent]) {
      beginning.addEnvironment(EnvironmentVariable.taskQueue, config.worker?.taskQueue ?? defaultTaskQueue);
    }
    const { triggers, cancellationRequests } = config;
    new EventTriggers(this, 'Triggers', { bus, triggers, cancellationRequests, handler: cancelOnEvent });

    const publisher = new RewindFunction(this, 'PublishOperationEvents', {
      name: 'publish-operation-events',
      description: 'Tells the event bus what Rewind did',
      environment: {},
      config: config.functions,
    });
    new OperationEvents(this, 'OperationEvents', { ledger, bus, publisher });

    const settle = this.workflowFunction('SettleOperations', 'reconcile-operations', 'Finds out how operations ended');
    ledger.reconciledBy(settle);
    everyMinute(this, 'SettleSchedule', settle, 'Rewind: look up how operations ended');

    const namespaces = Object.keys(config.namespaces);
    new OperationAlarms(this, 'Alarms', { api, namespaces, cancelOnEvent, settle, publisher });
    if (config.alarmTopicArn !== undefined) notifyTopic(this, config.alarmTopicArn);
    const everything = this.node.findAll();
    const functions = everything.filter((construct) => construct instanceof RewindFunction);
    if (config.tracing) for (const each of functions) each.traced(config.tracing.layerArn);
    if (config.dashboard) {
      const { worker } = config;
      new RewindDashboard(this, 'Dashboard', {
        api,
        namespaces,
        functions,
        table: ledger.table,
        deadLetters: everything.flatMap((construct) => (construct instanceof DeadLetterQueue ? construct.queue : [])),
        alarms: alarmsBelow(this),
        worker: worker && { namespace: worker.namespace, taskQueue: worker.taskQueue ?? defaultTaskQueue },
      });
    }
  }

  /**
   * Lets somebody use the API in these roles on these namespaces, and nothing else of it.
   *
   * @example
   * rewind.grantInvoke(deployPipeline, { roles: ['resetter'], namespaces: ['prod.a1b2c'] });
   */
  grantInvoke(grantee: IGrantable, access: ApiAccess): Grant {
    return this.api.grantInvoke(grantee, access);
  }

  /**
   * A route, and the function that answers it by working on the configured namespaces.
   * @param warm instances that are kept ready; none when absent
   */
  private workflowRoute(route: Route, id: string, description: string, warm?: number): RewindFunction {
    const created = this.workflowFunction(id, route.function, description);
    this.api.route(route, created.withProvisionedConcurrency(warm));
    return created;
  }

  /** A route, and the function that answers it from the ledger, without ever talking to Temporal. */
  private ledgerRoute(route: Route, id: string, description: string): RewindFunction {
    const created = new RewindFunction(this, id, { name: route.function, description, ...this.functionProps });
    this.api.route(route, created);
    return created;
  }

  /** A function that works on the configured namespaces, and may read their secrets. */
  private workflowFunction(id: string, name: string, description: string): RewindFunction {
    const created = new RewindFunction(this, id, { name, description, ...this.functionProps });
    this.grantSecrets(created);
    return created;
  }

  private grantSecrets(grantee: IGrantable): void {
    for (const secret of this.secrets) secret.grantRead(grantee);
  }
}
