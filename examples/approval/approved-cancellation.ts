import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { RewindControl } from 'rewind';
import { CancelWorkflow } from '../step-functions/cancel-workflow';

export interface ApprovedCancellationProps {
  rewind: RewindControl;
  namespace: string;
  /** ARNs of up to 10 roles and users, one of whom must approve. */
  approvers: string[];
}

/** Excludes quotes, backslashes and control characters, because the text is inserted into the state machine's JSON input. */
const PLAIN_TEXT = String.raw`^[^"\\\x00-\x1f]{1,500}$`;

const UUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

/**
 * A Systems Manager runbook that cancels a workflow after an approval. One person starts it with a workflow id, the first run of
 * the workflow's chain and a reason; another person approves. A new workflow that was started under the id meanwhile is not cancelled.
 */
export class ApprovedCancellation extends Construct {
  readonly document: CfnDocument;

  constructor(scope: Construct, id: string, { rewind, namespace, approvers }: ApprovedCancellationProps) {
    super(scope, id);
    const { stateMachine } = new CancelWorkflow(this, 'Cancel', { rewind, namespace, ofChain: true });
    const requests = new Topic(this, 'Requests', {
      // Systems Manager requires names with this prefix.
      topicName: `Automation-${Stack.of(this).stackName}-Approvals`,
      enforceSSL: true,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ssm.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Rewind: the runbook that cancels a workflow after an approval',
    });
    requests.grantPublish(role);
    stateMachine.grantStartExecution(role);
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [
          Stack.of(this).formatArn({
            service: 'states',
            resource: `execution:${stateMachine.stateMachineName}:*`,
          }),
        ],
      }),
    );

    this.document = new CfnDocument(this, 'Document', {
      documentType: 'Automation',
      documentFormat: 'JSON',
      updateMethod: 'NewVersion',
      content: {
        schemaVersion: '0.3',
        description: `Cancels a Temporal workflow of ${namespace} after an approval.`,
        assumeRole: role.roleArn,
        parameters: {
          WorkflowId: { type: 'String', description: 'The workflow.', allowedPattern: PLAIN_TEXT },
          FirstExecutionRunId: {
            type: 'String',
            description: 'The first run of its chain: `rewind show ID -o json` has it.',
            allowedPattern: UUID,
          },
          Reason: { type: 'String', description: 'Why, for the approver and the ledger.', allowedPattern: PLAIN_TEXT },
        },
        mainSteps: [
          {
            name: 'Approve',
            action: 'aws:approve',
            onFailure: 'Abort',
            timeoutSeconds: Duration.hours(1).toSeconds(),
            inputs: {
              NotificationArn: requests.topicArn,
              Message: `Cancel workflow {{ WorkflowId }} of ${namespace}? Reason: {{ Reason }}`,
              MinRequiredApprovals: 1,
              Approvers: approvers,
            },
          },
          {
            name: 'Cancel',
            action: 'aws:executeStateMachine',
            isEnd: true,
            inputs: {
              stateMachineArn: stateMachine.stateMachineArn,
              // One run of the runbook is one execution, and so one operation.
              name: '{{ automation:EXECUTION_ID }}',
              input:
                '{"workflowId": "{{ WorkflowId }}", "firstExecutionRunId": "{{ FirstExecutionRunId }}", "reason": "{{ Reason }} (approved: {{ automation:EXECUTION_ID }})"}',
            },
          },
        ],
        outputs: ['Cancel.output'],
      },
    });
  }
}
