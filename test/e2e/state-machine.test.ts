import { randomUUID } from 'node:crypto';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { addRewind } from '../../examples/app';
import { signedRequest } from '../../local/signed-request';
import { localStack } from '../support/local-stack';
import { resolveReferences } from '../support/resolve-references';
import { unbundledApp } from '../support/unbundled-app';

/*
 * The state machine of examples/step-functions on the deployed API. The emulator evaluates each state (TestState), but does not
 * call API Gateway: the test sends the request of a task, and passes the response.
 */

interface Parameters {
  Method: 'GET' | 'POST';
  Path: string;
  Headers?: Record<string, string[]>;
  QueryParameters?: Record<string, string[]>;
  RequestBody?: object;
}
interface Tested {
  status: string;
  output: string;
  nextState?: string;
  inspectionData: { afterParameters: string };
}

describe('the state machine that cancels', () => {
  const { details, client } = localStack();
  const { stack, cancelWorkflow } = addRewind(unbundledApp());
  const { definitionString } = cancelWorkflow.stateMachine.node.defaultChild as CfnStateMachine;
  const definition = String(resolveReferences(stack.resolve(definitionString))).replaceAll(
    'prod.a1b2c',
    details.namespace,
  );
  const { States: states, StartAt: first } = JSON.parse(definition) as {
    States: Record<string, { Type: string }>;
    StartAt: string;
  };

  async function testState(stateName: string, input: object, mock?: object): Promise<Tested> {
    const { region, credentials, awsEndpointUrl } = details;
    const body = JSON.stringify({
      definition,
      stateName,
      input: JSON.stringify(input),
      inspectionLevel: 'TRACE',
      mock,
    });
    const { protocol, hostname, port, host } = new URL(awsEndpointUrl);
    const { headers } = await new SignatureV4({ service: 'states', region, credentials, sha256: Sha256 }).sign({
      method: 'POST',
      protocol,
      hostname,
      port: Number(port),
      path: '/',
      headers: { host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AWSStepFunctions.TestState' },
      body,
    });
    const { host: _host, ...sent } = headers;
    return (await (await fetch(awsEndpointUrl, { method: 'POST', headers: sent, body })).json()) as Tested;
  }

  const single = (values: Record<string, string[]> = {}) =>
    Object.fromEntries(Object.entries(values).map(([name, [value = '']]) => [name, value]));

  /** The response to the request that a task sends, in the form that Step Functions gives it. */
  async function called(name: string, input: object): Promise<object> {
    const { inspectionData } = await testState(name, input);
    const { Method, Path, Headers, QueryParameters, RequestBody } = JSON.parse(
      inspectionData.afterParameters,
    ) as Parameters;
    const { status, body } = await signedRequest(details, {
      method: Method,
      path: Path,
      query: single(QueryParameters),
      headers: single(Headers),
      body: RequestBody,
    });
    expect({ status, body }).toMatchObject({ status: 200 });
    return { result: JSON.stringify({ ResponseBody: body, StatusCode: status }) };
  }

  async function next(name: string, input: object): Promise<{ output: object; nextState?: string }> {
    const { status, output, nextState } = await testState(
      name,
      input,
      states[name]?.Type === 'Task' ? await called(name, input) : undefined,
    );
    expect(status).toBe('SUCCEEDED');
    return { output: JSON.parse(output) as object, ...(nextState && { nextState }) };
  }

  test('cancels an order, and ends when it has closed', async () => {
    const orderId = randomUUID();
    const workflowId = `order-${orderId}`;
    await client.workflow.start('cancellableOrder', { workflowId, taskQueue: details.taskQueue, args: [{ orderId }] });
    const visited: string[] = [];
    let name: string | undefined = first;
    let data: object = { workflowId, reason: 'withdrawn' };
    while (name !== undefined) {
      visited.push(name);
      const { output, nextState }: Awaited<ReturnType<typeof next>> = await next(name, data);
      data = output;
      name = nextState;
    }
    expect(visited).toEqual(['Find', 'Cancel', 'Describe', 'Is it open?', 'Closed']);
    expect(data).toMatchObject({ workflowId, reason: 'withdrawn', workflow: { status: 'Canceled' } });
    // Another poll returns the same, and leads to the same choice.
    expect(await next('Describe', data)).toEqual({ output: data, nextState: 'Is it open?' });
  });

  test('neither cancels a newer workflow with the same id, nor waits for it', async () => {
    const workflowId = `order-${randomUUID()}`;
    const start = () => client.workflow.start('idle', { workflowId, taskQueue: 'no-worker' });
    const earlier = await start();
    const { output: found } = await next('Find', { workflowId, reason: 'withdrawn' });
    await earlier.terminate();
    const newer = await start();
    const { output } = await next('Describe', found);
    expect(output).toMatchObject({ workflow: { status: 'Running', firstExecutionRunId: newer.firstExecutionRunId } });
    expect(await next('Is it open?', output)).toMatchObject({ nextState: 'Closed' });
    await expect(called('Cancel', found)).rejects.toThrow('"status": 409');
    expect((await newer.fetchHistory()).events).toHaveLength(2);
    await newer.terminate();
  });

  test.each(['Running', 'Paused'])('polls again while the workflow is %s', async (status) => {
    const [found, workflow] = [{ firstExecutionRunId: 'a' }, { status, firstExecutionRunId: 'a' }];
    expect(await next('Is it open?', { found, workflow })).toMatchObject({ nextState: 'Wait' });
    expect(states['Wait']).toMatchObject({ Next: 'Describe' });
  });
});
