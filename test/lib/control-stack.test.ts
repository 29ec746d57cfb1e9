import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { routes } from '../../api';
import { NAMESPACE_PATH } from '../../api/route';
import { statementsByRole } from '../support/role-policies';
import { scheduled } from '../support/schedules';
import { controlStack, namespaces, secretArn } from '../support/stacks';

const context = {
  namespaces: {
    ...namespaces,
    'staging.a1b2c': {
      address: 'eu-west-1.aws.api.temporal.io:7233',
      tlsServerName: 'staging.a1b2c.tmprl.cloud',
      secretArn: secretArn.replace('prod', 'staging'),
      secretKmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0b1c',
    },
  },
  triggers: {
    'order-withdrawn': {
      sources: ['com.example.orders'],
      eventPattern: { 'detail-type': ['OrderWithdrawn'], account: ['444455556666'] },
      namespace: 'prod.a1b2c',
      workflowId: 'order-<$.detail.orderId>',
    },
  },
  cancellationRequests: { sources: ['com.example.tools'] },
};

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}

describe('the control stack', () => {
  const template = Template.fromStack(controlStack(context));
  const resources = Object.entries(template.toJSON()['Resources'] as Record<string, Resource>);
  const ofType = (type: string) => resources.filter(([, resource]) => resource.Type === type);

  const byId = new Map(resources);
  const referred = (value: unknown) => {
    const { Ref: ref, 'Fn::GetAtt': [id] = [] } = value as { Ref?: string; 'Fn::GetAtt'?: string[] };
    return byId.get(ref ?? id ?? '');
  };
  /** With no slash at its start. */
  const pathOf = (resourceId: unknown): string => {
    const { PathPart: part, ParentId: parent } = referred(resourceId)?.Properties ?? {};
    return typeof part !== 'string' ? '' : [pathOf(parent), part].filter(Boolean).join('/');
  };
  /** Matches a method and its path, such as `GET/namespaces/*`. In an ARN, `*` also matches several parts of a path. */
  const methodsOf = (arn: unknown): RegExp => {
    const { 'Fn::Join': [, parts] = [] } = arn as { 'Fn::Join'?: [string, unknown[]] };
    const text = parts?.map((part) => (typeof part === 'string' ? part : 'Ref')).join('') ?? '';
    const [, , ...method] = text.split('/');
    return new RegExp(`^${method.map((part) => part.replaceAll('*', '[^/]*')).join('/')}$`);
  };
  const roleDescriptionOf = (lambda: Resource | undefined) =>
    referred(lambda?.Properties['Role'] ?? {})?.Properties['Description'];

  test('every method of the API is authorized by IAM', () => {
    const methods = ofType('AWS::ApiGateway::Method');
    expect(methods).toHaveLength(Object.keys(routes).length);
    for (const [, { Properties: properties }] of methods) expect(properties['AuthorizationType']).toBe('AWS_IAM');
  });

  test.each(Object.entries(routes))('routes %s to its function', (_name, { method, path: below, function: name }) => {
    const folder = path.resolve(__dirname, '../../functions', name);
    expect(readdirSync(folder)).toContain('index.ts');
    const [[, found] = []] = ofType('AWS::ApiGateway::Method').filter(
      ([, { Properties: p }]) => p['HttpMethod'] === method && pathOf(p['ResourceId']) === `${NAMESPACE_PATH}/${below}`,
    );
    const uri = JSON.stringify(found?.Properties['Integration']);
    const [[, invoked] = []] = ofType('AWS::Lambda::Function').filter(([id]) => uri.includes(`"${id}"`));
    expect(roleDescriptionOf(invoked)).toBe(`Rewind function ${name}`);
  });

  test('the API is throttled, and its access log holds no bodies and no query strings', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [
        Match.objectLike({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100, DataTraceEnabled: false }),
      ],
      AccessLogSetting: { DestinationArn: Match.anyValue(), Format: Match.stringLikeRegexp('identity.userArn') },
    });
    const [[, stage] = []] = ofType('AWS::ApiGateway::Stage');
    expect(JSON.stringify(stage?.Properties['AccessLogSetting'])).not.toMatch(/body|querystring|resourcePath.*\?/i);
  });

  test('responses of the gateway itself are problems too', () => {
    const responses = ofType('AWS::ApiGateway::GatewayResponse').map(([, { Properties: p }]) => p);
    expect(responses.map((p) => p['ResponseType'])).toEqual(
      expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX', 'THROTTLED', 'ACCESS_DENIED', 'INVALID_SIGNATURE']),
    );
    for (const p of responses) expect(JSON.stringify(p)).toContain('application/problem+json');
  });

  test('every function in functions/ with an index.ts runs on arm64 and the newest runtime, with its own role', () => {
    const folder = path.resolve(__dirname, '../../functions');
    const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^[\w-]+\/index\.ts$/.test(file),
    );
    const workerStackOnly = ['publish-task-queue-backlog/index.ts', 'set-current-worker-version/index.ts'];
    const functions = ofType('AWS::Lambda::Function');
    expect(functions).toHaveLength(entries.filter((entry) => !workerStackOnly.includes(entry)).length);
    for (const [, { Properties: properties }] of functions) {
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      // Reconciliation has its minute; the others answer before API Gateway gives up.
      const reconciles = properties['Description'] === 'Looks up how operations ended';
      expect(properties['Timeout']).toBe(reconciles ? 60 : 29);
    }
    const roles = functions.map(([, { Properties: properties }]) => JSON.stringify(properties['Role']));
    expect(new Set(roles).size).toBe(roles.length);
  });

  describe('least privilege', () => {
    const statements = [...statementsByRole(template.toJSON()['Resources'])].flatMap(([id, allowed]) =>
      allowed.map(({ Action, Resource }) => ({ id, actions: [Action].flat(), resource: Resource })),
    );
    const actionsOf = (name: string) => {
      const actions = statements.filter(({ id }) => id.startsWith(`${name}Role`)).flatMap((each) => each.actions);
      if (actions.length === 0) throw new Error(`no policy of a role of ${name}`);
      return actions;
    };

    test('no policy allows all actions or all resources', () => {
      for (const { actions, resource } of statements) {
        expect([resource].flat()).not.toContain('*');
        for (const action of actions) expect(action).toMatch(/^[\w-]+:[A-Z]\w+\*?$/);
      }
    });

    test('only functions that call Temporal may read secrets, and only the configured ones', () => {
      const readers = statements.filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue'));
      const secrets = new Set(readers.flatMap(({ resource }) => resource));
      expect(secrets).toEqual(new Set([secretArn, context.namespaces['staging.a1b2c'].secretArn]));
      for (const name of ['ListOperations', 'GetOperation', 'PublishOperationEvents']) {
        expect(actionsOf(name).join()).not.toContain('secretsmanager');
      }
    });

    test('a read-only function cannot write the ledger, and no function can delete from it', () => {
      for (const name of ['Describe', 'ResetPoints', 'ListOperations', 'GetOperation', 'PublishOperationEvents']) {
        expect(actionsOf(name).join()).not.toMatch(/dynamodb:(Put|Update|Delete|BatchWrite)/);
      }
      expect(statements.flatMap(({ actions }) => actions).join()).not.toMatch(/dynamodb:(Delete|BatchWrite|\*)/);
      expect(actionsOf('Cancel')).toEqual(expect.arrayContaining(['dynamodb:PutItem', 'dynamodb:UpdateItem']));
    });

    test("a secret's own key may be used to decrypt", () => {
      expect(statements).toContainEqual(
        expect.objectContaining({
          actions: ['kms:Decrypt'],
          resource: context.namespaces['staging.a1b2c'].secretKmsKeyArn,
        }),
      );
    });
  });

  test('the ledger has on-demand capacity, point-in-time recovery, encryption, TTL, a stream and a retain policy', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: Match.objectLike({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
      }),
    });
  });

  test('an upgrade keeps data and addresses: the logical ids are those of the first release', () => {
    const lasting = [
      'AWS::ApiGateway::RestApi',
      'AWS::DynamoDB::GlobalTable',
      'AWS::Events::EventBus',
      'AWS::SQS::Queue',
    ];
    expect(lasting.flatMap((type) => ofType(type).map(([id]) => id))).toEqual([
      'ApiRestApiE35FEAFE',
      'LedgerTable9343E4AA',
      'BusEA82B648',
      'TriggersDeadLettersQueueF7F64D6A',
      'TriggersEvents58A115A5',
      'OperationEventsDeadLettersQueue179F8861',
    ]);
  });

  describe('event triggers', () => {
    test('match only allow-listed sources and accounts', () => {
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { source: ['com.example.orders'], 'detail-type': ['OrderWithdrawn'], account: ['444455556666'] },
      });
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          source: ['com.example.tools'],
          'detail-type': ['Workflow Cancellation Requested'],
          account: [{ Ref: 'AWS::AccountId' }],
        },
      });
    });

    const busPolicies = ofType('AWS::Events::EventBusPolicy').map(([, { Properties: properties }]) => properties);

    test('other accounts may put on the bus the events of a trigger that names them, and nothing else', () => {
      const allowing = busPolicies.filter(({ Statement: s }) => (s as { Effect: string }).Effect === 'Allow');
      expect(allowing).toEqual([
        expect.objectContaining({
          StatementId: expect.stringContaining('TriggerOrderWithdrawn'),
          Statement: expect.objectContaining({
            Action: 'events:PutEvents',
            Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root']] } },
            Condition: {
              'ForAllValues:StringEquals': {
                'events:source': ['com.example.orders'],
                'events:detail-type': ['OrderWithdrawn'],
              },
              Null: { 'events:source': 'false', 'events:detail-type': 'false' },
            },
          }),
        }),
      ]);
    });

    test('only the publishing function may put events with the source of Rewind', () => {
      const [, publisher] = ofType('AWS::IAM::Role').find(
        ([, { Properties: p }]) => p['Description'] === 'Rewind function publish-operation-events',
      )!;
      const denying = busPolicies.find(({ StatementId: id }) => String(id).includes('SpeaksAsRewind'))?.['Statement'];
      expect(denying).toMatchObject({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'events:PutEvents',
        Condition: { 'ForAnyValue:StringEquals': { 'events:source': 'rewind' } },
      });
      const { ArnNotEquals: others } = (denying as { Condition: Record<string, Record<string, unknown>> }).Condition;
      expect(referred(others?.['aws:PrincipalArn'])).toBe(publisher);
    });

    const events = { 'Fn::GetAtt': [expect.stringMatching(/^TriggersEvents[0-9A-F]{8}$/), 'Arn'] };
    const deadLetters = { 'Fn::GetAtt': [expect.stringContaining('TriggersDeadLetters'), 'Arn'] };

    test('put events into the queue with the name of their trigger, and undeliverable ones into the dead-letter queue', () => {
      const rules = ofType('AWS::Events::Rule').filter(([, { Properties: properties }]) => properties['EventPattern']);
      const targets = rules.map(([, { Properties: properties }]) => properties['Targets']);
      expect(targets).toEqual(
        ['order-withdrawn', 'cancellationRequests'].map((trigger) => [
          expect.objectContaining({
            Arn: events,
            InputTransformer: {
              InputTemplate: `{"trigger":"${trigger}","ingestedAt":<aws.events.event.ingestion-time>,"event":<aws.events.event.json>}`,
            },
            RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
            DeadLetterConfig: { Arn: deadLetters },
          }),
        ]),
      );
    });

    test('are received with limited concurrency, and failed ones are retried individually', () => {
      const [, mapping] = ofType('AWS::Lambda::EventSourceMapping').find(
        ([, { Properties: p }]) => p['ScalingConfig'],
      )!;
      expect(mapping.Properties).toMatchObject({
        EventSourceArn: events,
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 10 },
      });
      const handler = referred(mapping.Properties['FunctionName'])?.Properties;
      expect(handler).toMatchObject({
        Description: 'Cancels the workflows of events',
        Environment: { Variables: expect.objectContaining({ REWIND_EVENT_RETRY_SECONDS: '86400' }) },
      });
      template.hasResourceProperties('AWS::SQS::Queue', {
        SqsManagedSseEnabled: true,
        // Six times the function's timeout.
        VisibilityTimeout: 180,
        MessageRetentionPeriod: 1_209_600,
        RedrivePolicy: { maxReceiveCount: 1000 },
      });
    });

    const rulesOfBus = {
      'Fn::Join': ['', expect.arrayContaining([':rule/', { Ref: 'BusEA82B648' }, '/*'])],
    };

    test.each(['TriggersEvents', 'TriggersDeadLetters'])(
      'only the rules of the bus may send to %s, over TLS only',
      (queue) => {
        const policies = ofType('AWS::SQS::QueuePolicy').filter(([id]) => id.startsWith(queue));
        const documents = policies.map(([, { Properties: p }]) => p['PolicyDocument'] as { Statement: object[] });
        expect(documents.flatMap(({ Statement: statements }) => statements)).toEqual([
          expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          expect.objectContaining({
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              ArnLike: { 'aws:SourceArn': rulesOfBus },
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            },
          }),
        ]);
      },
    );

    test('have alarms on the dead-letter queue, on rejected events, and on the age of events', () => {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'EventsRejected',
        Threshold: 1,
        AlarmDescription: Match.stringLikeRegexp('docs/runbook.md#rejected-events'),
      });
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'EventAge',
        Threshold: 600,
        Period: 600,
        Statistic: 'Maximum',
      });
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Threshold: 1,
        AlarmDescription: Match.stringLikeRegexp(
          'should have cancelled keep running.*docs/runbook.md#messages-in-the-dead-letter-queue',
        ),
      });
    });

    test('only schedules and the API may invoke a function', () => {
      const permissions = ofType('AWS::Lambda::Permission').map(([, { Properties: properties }]) => properties);
      for (const properties of permissions) {
        expect(['apigateway.amazonaws.com', 'events.amazonaws.com']).toContain(properties['Principal']);
        expect(properties).toHaveProperty('SourceArn');
      }
      const ofApi = permissions.filter(({ Principal: principal }) => principal === 'apigateway.amazonaws.com');
      // Each method may invoke its own function.
      for (const [, { Properties: properties }] of ofType('AWS::ApiGateway::Method')) {
        const place = pathOf(properties['ResourceId']).replaceAll(/\{\w+\}/g, '*');
        const method = `${String(properties['HttpMethod'])}/${place}`;
        const allowing = ofApi.filter(({ SourceArn: arn }) => methodsOf(arn).test(method));
        const isItsOwn = allowing.map(({ FunctionName: name }) =>
          JSON.stringify(properties['Integration']).includes(JSON.stringify(name)),
        );
        expect([method, isItsOwn]).toEqual([method, [true]]);
      }
      const ofEvents = permissions.filter(({ Principal: principal }) => principal === 'events.amazonaws.com');
      expect(
        ofEvents.map(({ FunctionName, SourceArn }) => [referred(FunctionName)?.Properties['Description'], SourceArn]),
      ).toEqual([
        ['Looks up how operations ended', { 'Fn::GetAtt': [expect.stringContaining('ReconcileSchedule'), 'Arn'] }],
      ]);
    });
  });

  test('publishes operations from the stream, with partial retries and a dead-letter queue', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  test('reconciles operations every minute; a failure waits for the next minute', () => {
    const schedules = scheduled(template);
    expect(new Set(schedules.map(({ expression }) => expression))).toEqual(new Set(['rate(1 minute)']));
    for (const { retries } of schedules) expect(retries).toEqual({ rule: 0, function: 0 });
  });

  test('each namespace has its own invocation with a share of its rate limit; many namespaces share invocations', () => {
    const inputsOf = (of: Template) =>
      Object.values(of.findResources('AWS::Events::Rule', { Properties: { ScheduleExpression: 'rate(1 minute)' } }))
        .flatMap(({ Properties: { Targets: targets } }) => targets as { Input: string }[])
        .map(({ Input: input }) => JSON.parse(input) as { namespaces: { namespace: string }[] });
    const names = Array.from({ length: 45 }, (_, index) => `n${index}.a1b2c`);
    const configured = (some: string[], more = {}) => {
      const each = { ...namespaces['prod.a1b2c'], ...more };
      return Template.fromStack(controlStack({ namespaces: Object.fromEntries(some.map((name) => [name, each])) }));
    };

    const [one, other] = inputsOf(configured(names.slice(0, 2), { requestsPerSecond: 400 }));
    expect([one, other]).toEqual(
      names.slice(0, 2).map((namespace) => ({ namespaces: [{ namespace, requestsPerSecond: 100 }] })),
    );
    const shared = inputsOf(configured(names));
    expect(shared).toHaveLength(20);
    expect(shared.flatMap(({ namespaces: some }) => some.map(({ namespace }) => namespace)).toSorted()).toEqual(
      names.toSorted(),
    );
  });

  test('the outputs are named', () => {
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['ApiUrl', 'EventBusName', 'LedgerTableName', 'Namespaces']),
    );
  });

  test('the environment of a function stays below the 4 KB of Lambda', () => {
    for (const [, { Properties: properties }] of ofType('AWS::Lambda::Function')) {
      expect(JSON.stringify(properties['Environment'] ?? {}).length).toBeLessThan(4096);
    }
  });
});
