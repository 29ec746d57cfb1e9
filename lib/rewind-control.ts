import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable, IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { routes } from '../api';
import type { Route } from '../api/route';
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
import { checkRegion } from './deployment-region';
import { pascalCase } from './pascal-case';
import { namespaceConnections } from './namespace-connections';
import { NamespaceSecret } from './namespace-secret';

/** The deployment's configuration, as documented in docs/configuration.md and checked by `parseConfig`. */
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
    checkRegion(this, config);
    this.secrets = Object.values(config.namespaces).map((namespace) => new NamespaceSecret(this, namespace));
    this.functionProps = {
      environment: {
        [EnvironmentVariable.namespaces]: JSON.stringify(namespaceConnections(config.namespaces)),
        [EnvironmentVariable.taskQueue]: config.worker?.taskQueue ?? defaultTaskQueue,
        POWERTOOLS_LOG_LEVEL: config.logLevel,
      },
      config: config.functions,
    };

    const ledger = new Ledger(this, 'Ledger', config.ledger);
    this.ledger = ledger;
    const { access, throttling } = config;
    const api = new RewindApi(this, 'Api', { throttling, traced: config.tracing !== undefined, reach: config.api });
    this.api = api;
    this.accessPolicies = new AccessPolicies(this, 'Access', { api, access, namespaces: config.namespaces }).policies;
    for (const route of Object.values<Route>(routes)) this.addRoute(route, config.functions.provisionedConcurrency);

    const bus = new EventBus(this, 'Bus', { description: 'Events that cancel workflows, and what Rewind did' });
    this.bus = bus;
    const cancelOnEvent = this.workflowFunction('CancelOnEvent', 'cancel-on-event', 'Cancels what an event is about');
    ledger.writableBy(cancelOnEvent);
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
      new RewindDashboard(this, 'Dashboard', {
        api,
        namespaces,
        functions,
        table: ledger.table,
        deadLetters: everything.flatMap((construct) => (construct instanceof DeadLetterQueue ? construct.queue : [])),
        alarms: alarmsBelow(this),
        worker: config.worker,
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
   * Adds a route and the function behind it, with the rights that the route needs.
   * @param warm provisioned concurrency of the functions of single workflows; none when absent
   */
  private addRoute(route: Route, warm: number | undefined): void {
    const { function: name, summary: description, reads, changes, path } = route;
    const id = pascalCase(name);
    const handler = reads.includes('temporal')
      ? this.workflowFunction(id, name, description)
      : new RewindFunction(this, id, { name, description, ...this.functionProps });
    if (changes) this.ledger.writableBy(handler);
    if (reads.includes('ledger')) this.ledger.readableBy(handler);
    const isWarm = path.startsWith('workflows/');
    this.api.route(route, isWarm ? handler.withProvisionedConcurrency(warm) : handler);
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
