import { Duration, Stack, Tags } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable, IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { routes } from '../api';
import type { Route } from '../api/route';
import { EnvironmentVariable } from '../aws/environment';
import type { FunctionConfiguration } from '../aws/environment';
import type { ReconciledNamespace } from '../operations/ledger/reconcile';
import { defaultTaskQueue } from '../worker/config';
import { ConfigError, parseConfig } from './config';
import type { RewindConfig, RewindConfigInput } from './config';
import { AccessPolicies } from './constructs/access-policies';
import { alarmsBelow, configureAlarms } from './constructs/alarm';
import { RewindDashboard } from './constructs/dashboard';
import { DeadLetterQueue } from './constructs/dead-letter-queue';
import { EventTriggers, triggersByName } from './constructs/event-triggers';
import { everyMinute } from './constructs/every-minute';
import { placeFunctions } from './constructs/function-network';
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
import { NamespaceSecrets } from './namespace-secrets';
import { stackOf } from './rewind-metrics';
import { checkLimits } from './stack-limits';
import { checkTemplateLimits } from './template-limits';

export { resourcesOf } from './stack-limits';

/** Maximum number of reconciliation invocations per minute. With more namespaces, each invocation has several. */
const MAX_RECONCILIATIONS = 20;

/** The configuration of the deployment, which docs/configuration.md documents. */
export type RewindControlProps = RewindConfigInput;

/**
 * Rewind's control plane: the API, the event bus, the ledger and the Lambda functions. It needs no VPC.
 *
 * @example
 * const rewind = new RewindControl(this, 'Rewind', {
 *   namespaces: { 'prod.a1b2c': { address: 'prod.a1b2c.tmprl.cloud:7233', secretArn } },
 * });
 * rewind.bus.grantPutEventsTo(orderService);
 * @throws {ConfigError} when the configuration is invalid, with a line for each invalid key
 */
export class RewindControl extends Construct {
  readonly api: RewindApi;
  readonly bus: EventBus;
  readonly ledger: Ledger;
  /** The managed policies of the configuration's `access`, by name. */
  readonly accessPolicies: ReadonlyMap<string, IManagedPolicy>;
  private readonly config: RewindConfig;
  private readonly secrets: NamespaceSecrets;
  private readonly functionProps: Pick<RewindFunctionProps, 'environment' | 'configuration' | 'config'>;

  constructor(scope: Construct, id: string, props: RewindControlProps) {
    super(scope, id);
    this.config = parseConfig(props, 'props', `the props of RewindControl "${this.node.path}"`);
    this.checkStack();
    checkRegion(this, this.config);
    const { namespaces, worker, logLevel, functions, access, throttling, tracing, api: reach } = this.config;
    this.secrets = new NamespaceSecrets(this, Object.values(namespaces));
    this.functionProps = {
      environment: {
        [EnvironmentVariable.stack]: stackOf(this),
        [EnvironmentVariable.taskQueue]: worker?.taskQueue ?? defaultTaskQueue,
        POWERTOOLS_LOG_LEVEL: logLevel,
      },
      configuration: { namespaces: namespaceConnections(namespaces) },
      config: functions,
    };

    this.ledger = new Ledger(this, 'Ledger', this.config.ledger);
    this.api = new RewindApi(this, 'Api', { throttling, traced: tracing !== undefined, reach });
    this.accessPolicies = new AccessPolicies(this, 'Access', { api: this.api, access, namespaces }).policies;
    const handlers = new Map(Object.values<Route>(routes).map((route) => [route, this.addRoute(route)]));

    this.bus = new EventBus(this, 'Bus', { description: 'Events that cancel workflows, and what Rewind did' });
    const triggers = this.addTriggers();
    const redriver = handlers.get(routes.redriveRejectedEvents);
    if (redriver) triggers.redrivenBy(redriver);
    const publisher = this.addOperationEvents();
    const reconciler = this.addReconciliation();

    new OperationAlarms(this, 'Alarms', { api: this.api, namespaces: Object.keys(namespaces), reconciler, publisher });
    placeFunctions(this, functions, Object.values(namespaces));
    this.observe();
    for (const [name, value] of Object.entries(this.config.tags)) Tags.of(this).add(name, value);
    checkLimits(this, this.config);
    checkTemplateLimits(this);
  }

  /**
   * Grants a principal only these roles on these namespaces.
   *
   * @example
   * rewind.grantInvoke(deployPipeline, { roles: ['resetter'], namespaces: ['prod.a1b2c'] });
   */
  grantInvoke(grantee: IGrantable, access: ApiAccess): Grant {
    return this.api.grantInvoke(grantee, access);
  }

  /** @throws {ConfigError} when the stack has another deployment: metrics, alarms and the API's name identify one by its stack */
  private checkStack(): void {
    const stack = Stack.of(this);
    const other = stack.node
      .findAll()
      .find((construct) => construct instanceof RewindControl && construct !== this && Stack.of(construct) === stack);
    if (other === undefined) return;
    throw new ConfigError(
      `RewindControl "${this.node.path}": the stack already has "${other.node.path}", and the metrics and alarms of both would be the same: create it in another stack`,
    );
  }

  /** Adds a route and its function, with the permissions that the route needs. Several routes can have the same function. */
  private addRoute(route: Route): RewindFunction {
    const { function: name, summary: description, reads, changes, path } = route;
    const id = pascalCase(name);
    const shared = this.node.tryFindChild(id);
    if (shared instanceof RewindFunction) {
      this.api.route(route, shared);
      return shared;
    }
    const { maxConcurrency, maxWaiting } = this.config.functions;
    const handler = reads.includes('temporal')
      ? this.workflowFunction(id, name, description, { maxConcurrency })
      : new RewindFunction(this, id, { name, description, maxConcurrency, ...this.functionProps });
    if (changes) {
      this.ledger.writableBy(handler);
      handler.addEnvironment(EnvironmentVariable.maxWaiting, String(maxWaiting));
    }
    if (reads.includes('ledger')) this.ledger.readableBy(handler);
    const { provisionedConcurrency } = this.config.functions;
    const isWarm = path.startsWith('workflows/');
    this.api.route(route, isWarm ? handler.withProvisionedConcurrency(provisionedConcurrency) : handler);
    return handler;
  }

  /** Adds the rules for events of other services, and the function that executes their operations. */
  private addTriggers(): EventTriggers {
    const { triggers, cancellationRequests, events } = this.config;
    const handler = this.workflowFunction('CancelOnEvent', 'cancel-on-event', 'Cancels the workflows of events', {
      triggers: triggersByName(triggers),
    });
    this.ledger.writableBy(handler);
    return new EventTriggers(this, 'Triggers', { bus: this.bus, triggers, cancellationRequests, events, handler });
  }

  /** Adds the function that publishes the ledger's changes as events. */
  private addOperationEvents(): RewindFunction {
    const publisher = new RewindFunction(this, 'PublishOperationEvents', {
      name: 'publish-operation-events',
      description: 'Publishes the ledger’s changes on the event bus',
      environment: { [EnvironmentVariable.stack]: stackOf(this) },
      config: this.config.functions,
    });
    new OperationEvents(this, 'OperationEvents', { ledger: this.ledger, bus: this.bus, publisher });
    return publisher;
  }

  /** Adds the function that looks up every minute how operations ended. */
  private addReconciliation(): RewindFunction {
    const { namespaces, reconciliation } = this.config;
    const reconciler = this.workflowFunction(
      'ReconcileOperations',
      'reconcile-operations',
      'Looks up how operations ended',
      { timeout: Duration.minutes(1) },
    );
    this.ledger.reconciledBy(reconciler);
    const reconciled = Object.entries(namespaces).map(([namespace, { requestsPerSecond }]): ReconciledNamespace => ({
      namespace,
      requestsPerSecond: requestsPerSecond * reconciliation.share,
    }));
    // One invocation per namespace, or per group of namespaces if there are many, so that a slow namespace does not delay the others.
    const invocations = Math.min(MAX_RECONCILIATIONS, reconciled.length);
    const inputs = Array.from({ length: invocations }, (_, at) => ({
      namespaces: reconciled.filter((__, index) => index % invocations === at),
    }));
    everyMinute(this, 'ReconcileSchedule', reconciler, 'Rewind: look up how operations ended', inputs);
    return reconciler;
  }

  /** Adds notifications, traces and the dashboard for all constructs that exist so far. */
  private observe(): void {
    const { tracing, dashboard, namespaces, worker } = this.config;
    configureAlarms(this, this.config);
    const everything = this.node.findAll();
    const functions = everything.filter((construct) => construct instanceof RewindFunction);
    if (tracing) for (const each of functions) each.traced(tracing.layerArn);
    if (!dashboard) return;
    new RewindDashboard(this, 'Dashboard', {
      api: this.api,
      namespaces: Object.keys(namespaces),
      functions,
      table: this.ledger.table,
      deadLetters: everything.flatMap((construct) => (construct instanceof DeadLetterQueue ? construct.queue : [])),
      alarms: alarmsBelow(this),
      worker,
    });
  }

  /** Adds a function that connects to the configured namespaces and can read their secrets. */
  private workflowFunction(
    id: string,
    name: string,
    description: string,
    {
      timeout,
      maxConcurrency,
      ...more
    }: FunctionConfiguration & Pick<RewindFunctionProps, 'timeout' | 'maxConcurrency'> = {},
  ): RewindFunction {
    const { configuration, ...props } = this.functionProps;
    const created = new RewindFunction(this, id, {
      name,
      description,
      timeout,
      maxConcurrency,
      ...props,
      configuration: { ...configuration, ...more },
    });
    this.secrets.grantRead(created.role);
    return created;
  }
}
