import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { routes } from '../../api';
import type { Route } from '../../api/route';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { EnvironmentVariable } from '../../aws/environment';
import { describeUnless } from '../support/describe-unless';
import { apiGatewayEvent } from '../support/api-gateway-event';
import { eventually } from '../support/eventually';
import { deployedFunctions } from '../support/lambda/deployed-functions';
import { LambdaFunction, obstacleToLambda } from '../support/lambda/lambda-function';
import type { DeployedFunction, Invocation, LambdaOptions } from '../support/lambda/lambda-function';
import { createLedger } from '../support/ledger-table';
import { NamespaceEndpoint } from '../support/namespace-endpoint';
import { namespace, ScriptedWorkflow, startTimer, testConnection } from '../support/scripted-workflow';
import { started as operation } from '../support/operation-record';
import { verbOf } from '../support/route-handler';
import { StoredSecret } from '../support/stored-secret';

/*
 * Runs each function as deployed, with AWS's Runtime Interface Emulator, AWS's runtime and Lambda's Node.js version, and with the
 * template's environment, handler and timeout. Temporal requires mutual TLS with credentials from a secret.
 */

/** Each function of the API, with its first route. */
const functionsWithRoutes = [
  ...new Map(Object.values<Route & { verb?: string }>(routes).map((route) => [route.function, route])).entries(),
];

/** The status of functions that refuse their route's first example: what it names does not exist, or the server or an open run forbids it. */
const refusals: Record<string, number> = {
  pause: 409,
  unpause: 409,
  restart: 409,
  'reset-activity': 404,
  'pause-activity': 404,
  'unpause-activity': 404,
  'get-operation': 404,
  'get-batch-operation': 404,
  'list-batch-items': 404,
  'cancel-batch-operation': 404,
  'suspend-batch-operation': 404,
  'resume-batch-operation': 404,
  'retry-batch-operation': 404,
  'start-rollback': 400,
};

describeUnless(obstacleToLambda(), 'on Lambda', () => {
  const connection = testConnection();
  let endpoint: NamespaceEndpoint;
  let functions: Map<string, DeployedFunction>;
  let folder: string;
  let ledger: DynamoDbLedger;
  let secretArn: string;
  const started: LambdaFunction[] = [];

  beforeAll(async () => {
    const [newDoor, credentials, newLedger] = await Promise.all([
      NamespaceEndpoint.create(),
      NamespaceEndpoint.credentials(),
      createLedger(),
    ]);
    endpoint = newDoor;
    await endpoint.trust(credentials);
    ledger = newLedger;
    ({ arn: secretArn } = await StoredSecret.create(credentials.secret));
    const queue = await new SQSClient({}).send(new CreateQueueCommand({ QueueName: randomUUID() }));
    const bus = { Name: `bus-${randomUUID()}` };
    await new EventBridgeClient({}).send(new CreateEventBusCommand(bus));
    ({ functions, folder } = deployedFunctions(
      {
        namespaces: { [namespace]: { ...endpoint.connection, secretArn } },
        triggers: {
          'order-withdrawn': {
            sources: ['com.example.orders'],
            eventPattern: { 'detail-type': ['OrderWithdrawn'] },
            namespace,
            workflowId: '<$.detail.workflowId>',
          },
        },
        worker: { namespace, imageUri: 'registry.example/rewind:1' },
      },
      {
        'AWS::DynamoDB::GlobalTable': ledger.tableName,
        'AWS::SQS::Queue': queue.QueueUrl ?? '',
        'AWS::Events::EventBus': bus.Name,
      },
    ));
  });
  afterEach(() => Promise.all(started.splice(0).map((each) => each.stop())));
  afterAll(async () => {
    await endpoint.close();
    await rm(folder, { recursive: true });
  });

  async function start(
    name: string,
    {
      environment,
      timeoutSeconds,
      ...options
    }: Partial<Pick<DeployedFunction, 'environment' | 'timeoutSeconds'> & LambdaOptions> = {},
  ): Promise<LambdaFunction> {
    const deployed = functions.get(name);
    if (!deployed) throw new Error(`no stack has a function ${name}`);
    const aws = Object.fromEntries(Object.entries(process.env).filter(([key]) => key.startsWith('AWS_')));
    const lambda = await LambdaFunction.start(
      name,
      {
        ...deployed,
        environment: { ...(aws as Record<string, string>), ...deployed.environment, ...environment },
        timeoutSeconds: timeoutSeconds ?? deployed.timeoutSeconds,
      },
      { folder, ...options },
    );
    started.push(lambda);
    return lambda;
  }

  async function runningWorkflow(): Promise<string> {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(startTimer('1', 600_000));
    return workflow.workflowId;
  }

  /** The route's first example, with this workflow's id. */
  function requestOf({ method, path: resource, requests }: Route, workflowId: string): object {
    const [example = {}] = Object.values(requests);
    const fields: Record<string, unknown> = { ...example, ...('workflowId' in example && { workflowId }) };
    // The workflow never closes.
    if ('waitSeconds' in fields) delete fields['waitSeconds'];
    // This server does not have the example's search attributes.
    if ('query' in fields) fields['query'] = `WorkflowId = '${workflowId}'`;
    // The workflow does not have the example's reset point.
    if ('workflowId' in fields && 'target' in fields) fields['target'] = { at: 'lastWorkflowTask' };
    const query = Object.entries(fields).map(([name, value]) => [name, String(value)]);
    const sent = method === 'POST' ? { body: fields } : { query: Object.fromEntries(query) as Record<string, string> };
    return apiGatewayEvent(method, { namespace, resource, operationId: 'op-unknown', ...sent });
  }

  const verbsIn = (log: string) => [...log.matchAll(/"verb":"(\w+)"/g)].map(([, verb]) => verb);
  const statusOf = ({ body }: Invocation) => (JSON.parse(body) as { statusCode: number }).statusCode;
  const bodyOf = ({ body }: Invocation): Record<string, unknown> =>
    JSON.parse((JSON.parse(body) as { body: string }).body) as Record<string, unknown>;

  test.each(functionsWithRoutes)('%s responds to a cold and to a warm invocation', async (name, route) => {
    const lambda = await start(name);
    const event = requestOf(route, await runningWorkflow());
    const cold = await lambda.invoke(event);
    const warm = await lambda.invoke(event);
    const expected = refusals[name] ?? Math.max(...Object.keys(route.responses).map(Number));
    expect([cold, warm].map(statusOf)).toEqual([expected, expected]);
    const verb = verbOf(route);
    expect(verb && verbsIn(lambda.log)).toEqual(verb && [verb, verb]);
    expect(lambda.log.match(/^REPORT .*$/gm)).toEqual([
      expect.stringContaining('Init Duration'),
      expect.not.stringContaining('Init Duration'),
    ]);
    expect(lambda.log).not.toMatch(/ERROR|WARN/);
  });

  describeUnless(obstacleToLambda('arm64'), 'on arm64, the deployed architecture', () => {
    test.each([routes.describeWorkflow, routes.cancelWorkflow] as Route[])('$function responds', async (route) => {
      const lambda = await start(route.function, { architecture: 'arm64', timeoutSeconds: 60 });
      const event = requestOf(route, await runningWorkflow());
      // Emulated on a busy machine, a cold start can take longer than the deadline of a call to Temporal.
      await eventually(async () => statusOf(await lambda.invoke(event)) === 200);
      expect(statusOf(await lambda.invoke(event))).toBe(200);
      expect(lambda.log).not.toMatch(/Init Error/);
    });
  });

  test('cancel-on-event cancels the workflow that an event names, cold and warm', async () => {
    const lambda = await start('cancel-on-event');
    for (let invocation = 1; invocation <= 2; invocation += 1) {
      const workflow = await ScriptedWorkflow.start(connection);
      const { workflowId } = workflow;
      const event = {
        id: randomUUID(),
        source: 'com.example.orders',
        'detail-type': 'OrderWithdrawn',
        detail: { workflowId },
      };
      const message = {
        messageId: '1',
        receiptHandle: '1',
        body: JSON.stringify({ trigger: 'order-withdrawn', event }),
        attributes: { SentTimestamp: String(Date.now()), ApproximateReceiveCount: '1' },
      };
      const result = await lambda.invoke({ Records: [message] });
      expect(JSON.parse(result.body)).toEqual({ batchItemFailures: [] });
      const { workflowExtendedInfo } = await workflow.client.describe({ workflowId });
      expect(workflowExtendedInfo?.cancelRequested).toBe(true);
    }
  });

  test('publish-operation-events publishes a change of the ledger, cold and warm', async () => {
    const cancel = await start('cancel');
    const { operationId } = bodyOf(await cancel.invoke(requestOf(routes.cancelWorkflow, await runningWorkflow())));
    const Key = { operationId: { S: String(operationId) } };
    const { Item } = await new DynamoDBClient({}).send(new GetItemCommand({ TableName: ledger.tableName, Key }));
    const lambda = await start('publish-operation-events');
    for (let invocation = 1; invocation <= 2; invocation += 1) {
      const result = await lambda.invoke({ Records: [{ dynamodb: { NewImage: Item, SequenceNumber: '1' } }] });
      expect(JSON.parse(result.body)).toEqual({ batchItemFailures: [] });
    }
    expect(lambda.log).toContain('"Operations"');
  });

  test.each(['reconcile-operations', 'publish-task-queue-backlog'])(
    '%s runs on its schedule, cold and warm',
    async (name) => {
      const lambda = await start(name);
      for (let invocation = 1; invocation <= 2; invocation += 1) {
        expect(await lambda.invoke({})).toEqual({ status: 200, body: 'null' });
      }
      expect(lambda.log).not.toMatch(/ERROR|WARN/);
    },
  );

  test('a function that fails returns its error to Lambda, which retries the event', async () => {
    const lambda = await start('set-current-worker-version');
    const resources = ['arn:aws:ecs:us-east-1:000000000000:service/cluster/none'];
    const result = await lambda.invoke({ resources, detail: { deploymentId: 'ecs-svc/1' } });
    expect(JSON.parse(result.body)).toMatchObject({ errorType: expect.any(String), errorMessage: expect.any(String) });
    expect(lambda.log).toContain('Invoke Error');
  });

  test('a function without its configuration fails, and logs which variable is not set', async () => {
    const lambda = await start('get-operation', { environment: { [EnvironmentVariable.ledgerTable]: '' } });
    const result = await lambda.invoke({});
    const why = `environment variable ${EnvironmentVariable.ledgerTable} is not set`;
    expect(JSON.parse(result.body)).toMatchObject({ errorType: 'EnvironmentError', errorMessage: why });
    expect(lambda.log).toContain(why);
  });

  describe('with an address that accepts connections and never responds', () => {
    const silentServer = createServer();
    beforeAll(async () => {
      silentServer.listen(0, '127.0.0.1');
      await once(silentServer, 'listening');
    });
    afterAll(() => silentServer.close());

    const environmentWithSilentServer = () => {
      const { port } = silentServer.address() as AddressInfo;
      const namespaces = { [namespace]: { address: `127.0.0.1:${port}`, secretArn, tlsServerName: 'localhost' } };
      return { [EnvironmentVariable.namespaces]: JSON.stringify(namespaces) };
    };

    test('a request gets a response before Lambda’s timeout', async () => {
      const lambda = await start('describe', { environment: environmentWithSilentServer(), timeoutSeconds: 3 });
      const result = await lambda.invoke(requestOf(routes.describeWorkflow, 'order-1'));
      expect(bodyOf(result)).toMatchObject({ type: 'urn:rewind:problem:temporal-timeout', status: 504 });
      expect(lambda.log).not.toContain('timed out');
    });

    test('a function that timed out accepts the next invocation', async () => {
      const lambda = await start('publish-task-queue-backlog', {
        environment: environmentWithSilentServer(),
        timeoutSeconds: 1,
      });
      for (let invocation = 1; invocation <= 2; invocation += 1) {
        expect((await lambda.invoke({})).body).toBe('Task timed out after 1.00 seconds');
      }
    });
  });

  test('a response over 6 MB is refused with advice on pageSize, and a smaller page is returned', async () => {
    const workflowId = `large-${randomUUID()}`;
    const request = { query: '"'.repeat(40_000) };
    for (let at = 0; at < 50; at += 1) {
      await ledger.createIfAbsent({
        ...operation,
        namespace,
        workflowId,
        request,
        operationId: `large-${randomUUID()}`,
      });
    }
    const lambda = await start('list-operations');
    const page = (pageSize: string) => {
      const resource = routes.listOperations.path;
      return lambda.invoke(apiGatewayEvent('GET', { namespace, resource, query: { workflowId, pageSize } }));
    };

    expect(bodyOf(await page('100'))).toMatchObject({
      type: 'urn:rewind:problem:response-too-large',
      status: 422,
      detail: expect.stringContaining('pageSize'),
    });
    expect(statusOf(await page('10'))).toBe(200);
  });
});
