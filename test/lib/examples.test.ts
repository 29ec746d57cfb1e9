import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { CfnResource, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod/mini';
import { routes } from '../../api';
import { cancelRequest } from '../../api/cancel';
import { operationEventTypes } from '../../api/emitted-events';
import { failures } from '../../api/failures';
import type { FailureMeaning } from '../../api/failures';
import { NAMESPACE_PATH } from '../../api/route';
import type { Route } from '../../api/route';
import { addAccounts, addRewind } from '../../examples/app';
import { pythonWith } from '../../local/installed/python';
import { CFN_LINT, CFN_LINT_VERSION } from '../support/cfn-lint';
import { resolveReferences } from '../support/resolve-references';
import { unbundledApp } from '../support/unbundled-app';

/* The examples that are CDK code: synthesized, linted, and compared with the API's contract. */

const namespace = 'prod.a1b2c';
const app = unbundledApp();
const { stack, cancelWorkflow, approval, chat, pipeline } = addRewind(app);
const { stages, people } = addAccounts(app);

const template = Template.fromStack(stack);
const logicalIds = (type: string, below: { node: { path: string } }) =>
  stack.node
    .findAll()
    .filter((child) => child instanceof CfnResource)
    .filter(
      ({ cfnResourceType, node }) => cfnResourceType === type && `${node.path}/`.startsWith(`${below.node.path}/`),
    )
    .map((child) => stack.getLogicalId(child));

const resource = (logicalId: string) =>
  resolveReferences(template.toJSON()['Resources'][logicalId].Properties) as Record<string, unknown>;

/** Routes of the API that the policies of a role allow: `POST/namespaces/{namespace}/rollbacks`. */
function routesOf(below: { node: { path: string } }): string[] {
  const statements = logicalIds('AWS::IAM::Policy', below).flatMap(
    (id) =>
      (resource(id)['PolicyDocument'] as { Statement: { Action: unknown; Resource: string | string[] }[] }).Statement,
  );
  return statements
    .filter(({ Action: action }) => action === 'execute-api:Invoke')
    .flatMap(({ Resource: arns }) => arns)
    .map((arn) =>
      (/\/\w*DeploymentStage\w*\/(.*)$/.exec(arn.replace('/v1/', '/DeploymentStage/'))?.[1] ?? arn).replace(
        namespace,
        '{namespace}',
      ),
    )
    .toSorted();
}
const paths = Object.values(routes).map(({ method, path: below }) => `${method}/${NAMESPACE_PATH}/${below}`);

test('cfn-lint finds nothing in the examples’ templates', async () => {
  const python = await pythonWith('cfn-lint', CFN_LINT_VERSION);
  const { directory, stacks, nestedAssemblies } = app.synth();
  const assembly = nestedAssemblies.find(({ displayName }) => displayName.includes('People'))?.nestedAssembly;
  const files = [
    ...stacks.map(({ templateFile }) => path.join(directory, templateFile)),
    ...(assembly?.stacks ?? []).map(({ templateFile }) => path.join(assembly?.directory ?? '', templateFile)),
  ];
  expect(files).toHaveLength(2);
  const { stdout, stderr, status } = spawnSync(python, [...CFN_LINT, ...files], { encoding: 'utf8' });
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
}, 300_000);

interface Task {
  Parameters: {
    Method: string;
    Path: string;
    AuthType: string;
    Headers?: Record<string, string>;
    QueryParameters?: Record<string, string>;
    RequestBody?: Record<string, unknown>;
  };
  Retry: { ErrorEquals: string[] }[];
}

describe('Step Functions', () => {
  const [id = ''] = logicalIds('AWS::StepFunctions::StateMachine', cancelWorkflow);
  const { States: states, StartAt: first } = JSON.parse(String(resource(id)['DefinitionString'])) as {
    StartAt: string;
    States: Record<string, Task & { Next?: string; Choices?: { Next: string }[]; Default?: string }>;
  };
  const [find, cancel, describeTask] = [states['Find']!, states['Cancel']!, states['Describe']!];

  test('sends valid, signed requests, and its role allows only these', () => {
    const called = [find, cancel, describeTask].map(
      ({ Parameters: { Method: method, Path: below, AuthType: auth } }) => {
        expect(auth).toBe('IAM_ROLE');
        return `${method}${below.replace(namespace, '{namespace}')}`;
      },
    );
    for (const route of called) expect(paths).toContain(route);
    expect(routesOf(cancelWorkflow)).toEqual([...new Set(called)].toSorted());

    // Step Functions requires lists as the values of headers and queries.
    expect(cancel.Parameters.Headers).toEqual({ 'Idempotency-Key.$': 'States.Array($$.Execution.Id)' });
    expect(describeTask.Parameters.QueryParameters).toEqual({ 'workflowId.$': 'States.Array($.workflowId)' });
    const body = Object.fromEntries(
      Object.entries(cancel.Parameters.RequestBody ?? {}).map(([key, value]) => [key.replace(/\.\$$/, ''), value]),
    );
    expect(body['firstExecutionRunId']).toBe('$.found.firstExecutionRunId');
    expect(z.safeParse(cancelRequest, { ...body, firstExecutionRunId: randomUUID() })).toMatchObject({ success: true });
  });

  test('retries only transient failures', () => {
    const namesOf = (when: FailureMeaning['retry']) =>
      Object.values<FailureMeaning>(failures).flatMap(({ retry, status }) =>
        retry === when ? [`ApiGateway.${status}`] : [],
      );
    for (const { Retry: retry } of [find, cancel, describeTask]) {
      const retried = retry.flatMap(({ ErrorEquals: names }) => names);
      // Step Functions sees the status only, and most failures with 409 do not pass.
      expect(retried).toEqual(expect.arrayContaining(namesOf('soon').filter((name) => name !== 'ApiGateway.409')));
      for (const name of namesOf('never')) expect(retried).not.toContain(name);
    }
  });

  test('ends when the workflow has closed, and polls while it is open', () => {
    expect([first, find.Next, cancel.Next]).toEqual(['Find', 'Cancel', 'Describe']);
    const choice = states[describeTask.Next ?? '']!;
    expect(states[choice.Default ?? '']).toEqual({ Type: 'Succeed' });
    expect(states[choice.Choices?.[0]?.Next ?? '']).toMatchObject({ Type: 'Wait', Next: 'Describe' });
  });
});

describe('approval', () => {
  const content = stack.resolve(approval.document.content) as {
    parameters: Record<string, { allowedPattern: string }>;
    mainSteps: [{ action: string; inputs: object }, { action: string; inputs: { input: string; name: string } }];
  };
  const [approve, cancel] = content.mainSteps;

  test('calls nothing before the approval', () => {
    expect(approve).toMatchObject({
      action: 'aws:approve',
      onFailure: 'Abort',
      inputs: { Approvers: [expect.stringContaining(':role/')] },
    });
    expect(cancel).toMatchObject({
      action: 'aws:executeStateMachine',
      inputs: { name: '{{ automation:EXECUTION_ID }}' },
    });
  });

  test('refuses a text that would end the JSON string; any other text becomes the input of the state machine', () => {
    const [pattern, uuid] = Object.values(content.parameters).map(({ allowedPattern }) => new RegExp(allowedPattern));
    expect(
      ['019a20a6-3e86-7cfb-b3df-b3e0f39ee11e', 'order-1', 'x019a20a6-3e86-7cfb-b3df-b3e0f39ee11e'].filter((id) =>
        uuid!.test(id),
      ),
    ).toHaveLength(1);
    for (const bad of ['a", "reason": "b', String.raw`a\u0022`, 'a\nb', '']) expect(bad).not.toMatch(pattern!);
    const text = 'order/1234 – “withdrawn”, <&> {x}';
    expect(text).toMatch(pattern!);
    const input = JSON.parse(cancel.inputs.input.replaceAll(/\{\{ (\w+) \}\}/g, text)) as object;
    expect(input).toEqual({ workflowId: text, firstExecutionRunId: text, reason: expect.stringContaining(text) });
  });

  test('its role may only run this state machine and request approvals', () => {
    const [role = ''] = logicalIds('AWS::IAM::Policy', approval.node.findChild('Role'));
    const { Statement: statements } = resource(role)['PolicyDocument'] as {
      Statement: { Action: string | string[]; Resource: string }[];
    };
    expect(statements.flatMap(({ Action: actions }) => actions).toSorted()).toEqual([
      'sns:Publish',
      'states:DescribeExecution',
      'states:StartExecution',
      'states:StopExecution',
    ]);
    for (const { Resource: arn } of statements) expect(arn).toMatch(/Approval/);
    // Systems Manager publishes to topics with such names only.
    template.hasResourceProperties('AWS::SNS::Topic', { TopicName: Match.stringLikeRegexp('^Automation') });
  });
});

describe('chat', () => {
  test('every alarm and the chosen events are sent to the channel’s topic', () => {
    const [topic] = logicalIds('AWS::SNS::Topic', chat);
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.length).toBeGreaterThan(5);
    for (const { Properties: alarm } of alarms)
      expect(alarm).toMatchObject({ AlarmActions: [{ Ref: topic }], OKActions: [{ Ref: topic }] });
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', { SnsTopicArns: [{ Ref: topic }] });
    for (const publisher of ['cloudwatch.amazonaws.com', 'events.amazonaws.com']) {
      template.hasResourceProperties('AWS::SNS::TopicPolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({ Action: 'sns:Publish', Principal: { Service: publisher } })]),
        },
      });
    }
  });

  test('the notification has the form that the service requires, with no text of a caller in it', () => {
    const [rule = ''] = logicalIds('AWS::Events::Rule', chat);
    const { EventPattern: pattern, Targets: targets } = resource(rule) as {
      EventPattern: { source: string[]; 'detail-type': string[] };
      Targets: { InputTransformer: { InputPathsMap: Record<string, string>; InputTemplate: string } }[];
    };
    expect(pattern.source).toEqual(['rewind']);
    expect(operationEventTypes).toEqual(expect.arrayContaining(pattern['detail-type']));
    const transformer = targets[0]?.InputTransformer;
    // EventBridge escapes nothing that it inserts.
    expect(Object.values(transformer?.InputPathsMap ?? {}).toSorted()).toEqual([
      '$.detail-type',
      '$.detail.operationId',
      '$.id',
    ]);
    // EventBridge puts a value that stands alone into quotes.
    const quoted = String(transformer?.InputTemplate).replaceAll(/(?<=[:,])<[\w-]+>/g, '"x"');
    const sent = JSON.parse(quoted.replaceAll(/<[\w-]+>/g, 'x')) as object;
    expect(sent).toMatchObject({ version: '1.0', source: 'custom', content: { textType: 'client-markdown' } });
  });

  test('the channel may only invoke the functions of its buttons, which only read', () => {
    const [guardrail] = Object.values(
      template.findResources('AWS::IAM::ManagedPolicy', {
        Properties: { Description: Match.stringLikeRegexp('chat') },
      }),
    );
    const [statement] = guardrail!['Properties'].PolicyDocument.Statement as { Action: string; Resource: object[] }[];
    const functions = Object.keys(
      template.findResources('AWS::Lambda::Function', { Properties: { Runtime: 'python3.13' } }),
    );
    expect(statement).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Resource: functions.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })),
    });
    expect(new Set(routesOf(chat))).toEqual(new Set(['GET/namespaces/{namespace}/*']));
    for (const id of functions) {
      const { REWIND_URL: url, REWIND_LIST: list } = (
        resource(id)['Environment'] as { Variables: Record<string, string> }
      ).Variables;
      const [, below = ''] = /\/namespaces\/[^/]*\/([^?]*)/.exec(url ?? '') ?? [];
      const route = Object.values<Route>(routes).find((each) => each.method === 'GET' && each.path === below);
      expect(Object.keys(Object.values(route?.responses[200]?.examples ?? {})[0] ?? {})).toContain(list);
    }
    const commands = Object.values(template.findResources('AWS::Chatbot::CustomAction')).map(
      ({ Properties: { Definition: definition } }) =>
        (resolveReferences(definition) as { CommandText: string }).CommandText,
    );
    expect(commands.map((command) => /--function-name (\w+)/.exec(command)?.[1] ?? '').toSorted()).toEqual(
      functions.toSorted(),
    );
  });
});

describe('GitHub Actions', () => {
  test('only jobs of one environment of one repository may assume the roles', () => {
    const roles = [pipeline.deploy, pipeline.rollBack].flatMap((role) => logicalIds('AWS::IAM::Role', role));
    expect(roles).toHaveLength(2);
    for (const role of roles) {
      expect(resource(role)['AssumeRolePolicyDocument']).toMatchObject({
        Statement: [
          {
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                'token.actions.githubusercontent.com:sub': 'repo:acme@123456/orders@456789:environment:production',
              },
            },
          },
        ],
      });
    }
  });

  test('one role only starts and follows rollbacks; the other assumes the roles of the CDK', () => {
    const allowed = routesOf(pipeline.rollBack);
    expect(allowed).toEqual(['GET/namespaces/{namespace}/batch-operations/*', 'POST/namespaces/{namespace}/rollbacks']);
    for (const route of allowed) expect(paths).toContain(route.replace('*', '{operationId}'));
    expect(routesOf(pipeline.deploy)).toEqual([]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'sts:AssumeRole' })] },
    });
  });
});

test('several accounts: each permission set names a policy that each account has, for each group', () => {
  const [peopleStack] = people.node.children.filter((child) => child instanceof Stack);
  const sets = Template.fromStack(peopleStack!);
  const named = Object.values(sets.findResources('AWS::SSO::PermissionSet')).map(
    ({ Properties: properties }) =>
      (properties as { CustomerManagedPolicyReferences: { Name: string }[] }).CustomerManagedPolicyReferences[0]?.Name,
  );
  expect(named).toEqual(['RewindSupport', 'RewindOnCall', 'RewindRepair']);
  for (const stage of stages) {
    const [control] = stage.node.children.filter((child) => child instanceof Stack);
    const accountTemplate = Template.fromStack(control!);
    for (const name of named)
      accountTemplate.hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: name });
    expect(Object.keys(accountTemplate.findOutputs('*'))).toEqual(expect.arrayContaining(['ApiUrl', 'Namespaces']));
  }
  sets.resourceCountIs('AWS::SSO::Assignment', 6);
  for (const { account: targetId } of stages) {
    for (const principalId of ['1', '2', '3']) {
      sets.hasResourceProperties('AWS::SSO::Assignment', {
        TargetId: targetId,
        PrincipalId: Match.stringLikeRegexp(`^${principalId}{8}`),
      });
    }
  }
});
