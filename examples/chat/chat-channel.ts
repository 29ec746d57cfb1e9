import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { CfnCustomAction, SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { RewindControl } from 'rewind';

export interface ChatChannelProps {
  rewind: RewindControl;
  namespace: string;
  /** The id of the Slack workspace, which Amazon Q Developer in chat applications shows once the workspace is authorized. */
  slackWorkspaceId: string;
  slackChannelId: string;
}

/** Events that the channel receives. Cancellations are excluded because a service may request many. */
const EVENTS = ['Workflow Terminated', 'Workflow Reset', 'Workflow Restarted', 'Workflow Paused'];

/** Buttons of the channel, each with the route that it reads. */
const BUTTONS = [
  { name: 'Operations', text: 'Last operations', route: 'operations', query: 'pageSize=10', list: 'operations' },
  { name: 'RejectedEvents', text: 'Rejected events', route: 'rejected-events', query: '', list: 'rejectedEvents' },
];

/**
 * Sends alarms and events of Rewind to a Slack channel with read-only buttons. The channel cannot change a workflow.
 * Put it into the stack that contains `rewind`, because the alarms there refer to the topic, and this construct to Rewind's bus and API.
 */
export class ChatChannel extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: ChatChannelProps) {
    super(scope, id);
    const { rewind, namespace, slackWorkspaceId, slackChannelId } = props;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    this.sendAlarms(rewind);
    this.sendEvents(rewind, namespace);

    const readers = BUTTONS.map((button) => this.button(button, props));
    const mayRead = new ManagedPolicy(this, 'MayRead', {
      description: 'Rewind: all that the members of the chat channel may do',
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: readers.map(({ functionArn }) => functionArn),
        }),
      ],
    });
    const channel = new SlackChannelConfiguration(this, 'Channel', {
      slackChannelConfigurationName: `${Stack.of(this).stackName}-rewind`,
      slackWorkspaceId,
      slackChannelId,
      notificationTopics: [this.topic],
      // Without a guardrail policy, members could do everything that the role allows; the default is AdministratorAccess.
      guardrailPolicies: [mayRead],
    });
    channel.role?.addManagedPolicy(mayRead);
  }

  /** Sends every alarm of Rewind to the topic, in state ALARM and again in state OK. */
  private sendAlarms(rewind: RewindControl): void {
    this.topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const action = new SnsAction(this.topic);
    for (const alarm of rewind.node.findAll().filter((construct) => construct instanceof Alarm)) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  /**
   * Sends events as custom notifications of Amazon Q Developer. EventBridge inserts values without escaping them. Quotes in workflow ids
   * and reasons would break the JSON or add fields to it, so only values that Rewind itself generates are inserted.
   */
  private sendEvents(rewind: RewindControl, namespace: string): void {
    const operationId = EventField.fromPath('$.detail.operationId');
    new Rule(this, 'Events', {
      eventBus: rewind.bus,
      description: 'Rewind: what was changed, for a chat channel',
      eventPattern: {
        source: ['rewind'],
        detailType: EVENTS,
        detail: { namespace: [namespace], batchOperationId: [{ exists: false }] },
      },
      targets: [
        new SnsTopic(this.topic, {
          message: RuleTargetInput.fromObject({
            version: '1.0',
            source: 'custom',
            id: EventField.eventId,
            content: {
              textType: 'client-markdown',
              title: EventField.detailType,
              description: `Namespace ${namespace}. Who, why and which workflow: \`rewind op ${operationId}\``,
            },
            metadata: { threadId: operationId, eventType: EventField.detailType },
          }),
        }),
      ],
    });
  }

  /** Creates a function that reads a route, and the button that invokes it. */
  private button({ name, text, route, query, list }: (typeof BUTTONS)[number], props: ChatChannelProps): Function {
    const { rewind, namespace } = props;
    const url = rewind.api.restApi.urlForPath(`/namespaces/${namespace}/${route}`);
    const reader = new Function(this, name, {
      description: `Rewind: reads ${route} of ${namespace} for a chat channel`,
      runtime: Runtime.PYTHON_3_13,
      handler: 'index.handler',
      code: Code.fromInline(readFileSync(path.join(__dirname, 'read_route.py'), 'utf8')),
      timeout: Duration.seconds(30),
      environment: { REWIND_URL: query === '' ? url : `${url}?${query}`, REWIND_LIST: list },
    });
    rewind.grantInvoke(reader, { roles: ['reader'], namespaces: [namespace] });
    new CfnCustomAction(this, `${name}Button`, {
      actionName: `${Stack.of(this).stackName}-${name}`,
      aliasName: `rewind-${route}`,
      attachments: [{ buttonText: text }],
      definition: {
        commandText: `lambda invoke --function-name ${reader.functionName} --region ${Stack.of(this).region}`,
      },
    });
    return reader;
  }
}
