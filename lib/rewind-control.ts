import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EnvironmentVariable } from '../runtime/environment';
import { defaultTaskQueue } from '../worker/config';
import { parseConfig } from './config';
import type { RewindConfigInput } from './config';
import { tellOfAlarms, alarmsBelow } from './constructs/alarm';
import { RewindDashboard } from './constructs/dashboard';
import { DeadLetterQueue } from './constructs/dead-letter-queue';
import { EventTriggers } from './constructs/event-triggers';
import { Ledger } from './constructs/ledger';
import { OperationAlarms } from './constructs/operation-alarms';
import { OperationEvents } from './constructs/operation-events';
import { RewindApi } from './constructs/rewind-api';
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
    const { provisionedConcurrency } = config.functions;

    const ledger = new Ledger(this, 'Ledger', config.ledger);
    this.ledger = ledger;
    const api = new RewindApi(this, 'Api', { throttling: config.throttling, traced: config.tracing !== undefined });
    this.api = api;

    const describe = this.workflowFunction('Describe', 'describe', 'Describes a workflow');
    api.route('GET', 'workflows/describe', describe.keptWarm(provisionedConcurrency));
    const resetPoints = this.workflowFunction('ResetPoints', 'reset-points', 'Lists where a workflow can be reset to');
    api.route('GET', 'workflows/reset-points', resetPoints.keptWarm(provisionedConcurrency));

    const cancel = this.workflowFunction('Cancel', 'cancel', 'Asks a workflow to cancel');
    api.route('POST', 'workflows/cancel', cancel.keptWarm(provisionedConcurrency));
    const terminate = this.workflowFunction('Terminate', 'terminate', 'Terminates a workflow');
    api.route('POST', 'workflows/terminate', terminate.keptWarm(provisionedConcurrency));
    const reset = this.workflowFunction('Reset', 'reset', 'Resets a workflow');
    api.route('POST', 'workflows/reset', reset.keptWarm(provisionedConcurrency));
    for (const acting of [cancel, terminate, reset]) ledger.writableBy(acting);

    const listOperations = this.ledgerFunction(
      'ListOperations',
      'list-operations',
      'Lists the operations on a workflow',
    );
    api.route('GET', 'operations', listOperations);
    const getOperation = this.ledgerFunction('GetOperation', 'get-operation', 'Shows an operation');
    api.route('GET', 'operations/{operationId}', getOperation);
    for (const reading of [listOperations, getOperation]) ledger.readableBy(reading);

    const batch = {
      start: this.workflowFunction('StartBatchOperation', 'start-batch-operation', 'Begins a batch operation'),
      get: this.workflowFunction('GetBatchOperation', 'get-batch-operation', 'Shows how far a batch operation is'),
      items: this.ledgerFunction('ListBatchItems', 'list-batch-items', 'Lists what a batch operation did'),
      cancel: this.workflowFunction('CancelBatchOperation', 'cancel-batch-operation', 'Stops a batch operation'),
      retry: this.workflowFunction('RetryBatchOperation', 'retry-batch-operation', 'Takes failed items again'),
    };
    api.route('POST', 'batch-operations', batch.start);
    api.route('GET', 'batch-operations/{operationId}', batch.get);
    api.route('GET', 'batch-operations/{operationId}/items', batch.items);
    api.route('POST', 'batch-operations/{operationId}/cancel', batch.cancel);
    api.route('POST', 'batch-operations/{operationId}/retry', batch.retry);
    for (const acting of [batch.start, batch.cancel, batch.retry]) ledger.writableBy(acting);
    for (const reading of [batch.get, batch.items, batch.retry]) ledger.readableBy(reading);

    const bus = new EventBus(this, 'Bus', { description: 'Events that cancel workflows, and what Rewind did' });
    this.bus = bus;
    const cancelOnEvent = this.workflowFunction('CancelOnEvent', 'cancel-on-event', 'Cancels what an event is about');
    ledger.writableBy(cancelOnEvent);
    for (const beginning of [batch.start, batch.retry, cancelOnEvent]) {
      beginning.addEnvironment(EnvironmentVariable.taskQueue, config.worker?.taskQueue ?? defaultTaskQueue);
    }
    const { triggers, cancellationRequests, emulator } = config;
    new EventTriggers(this, 'Triggers', { bus, triggers, cancellationRequests, handler: cancelOnEvent, emulator });

    const publisher = new RewindFunction(this, 'PublishOperationEvents', {
      name: 'publish-operation-events',
      description: 'Tells the event bus what Rewind did',
      environment: {},
      config: config.functions,
    });
    new OperationEvents(this, 'OperationEvents', { table: ledger.table, bus, publisher, emulator });

    const settle = this.workflowFunction('SettleOperations', 'settle-operations', 'Finds out how operations ended');
    ledger.settledBy(settle);
    new Rule(this, 'SettleSchedule', {
      description: 'Rewind: find out how operations ended',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(settle, { retryAttempts: 0 })],
    });

    const namespaces = Object.keys(config.namespaces);
    new OperationAlarms(this, 'Alarms', { api, namespaces, cancelOnEvent, settle, publisher });
    if (config.alarmTopicArn !== undefined) tellOfAlarms(this, config.alarmTopicArn);
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

  /** A function that works on the configured namespaces, and may read their secrets. */
  private workflowFunction(id: string, name: string, description: string): RewindFunction {
    const created = new RewindFunction(this, id, { name, description, ...this.functionProps });
    this.grantSecrets(created);
    return created;
  }

  /** A function that reads the ledger and never talks to Temporal. */
  private ledgerFunction(id: string, name: string, description: string): RewindFunction {
    return new RewindFunction(this, id, { name, description, ...this.functionProps });
  }

  private grantSecrets(grantee: IGrantable): void {
    for (const secret of this.secrets) secret.grantRead(grantee);
  }
}
