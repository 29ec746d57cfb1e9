import { Match, Template } from 'aws-cdk-lib/assertions';
import { statementsByRole } from '../support/role-policies';
import { bothStacks } from '../support/stacks';

/* `ledger.kmsKeyArn`: the permissions on the key. */

const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1c2d';
const env = { account: '111122223333', region: 'eu-west-1' };
const { control, worker } = bothStacks({ ledger: { kmsKeyArn } }, env);

/** The actions on the key that each role's policies allow, by the role's construct. */
function keyActions(): Record<string, string[]> {
  const roles = [control, worker].flatMap((stack) => [
    ...statementsByRole(Template.fromStack(stack).toJSON()['Resources']),
  ]);
  return Object.fromEntries(
    roles.flatMap(([role, statements]) => {
      const actions = statements.filter(({ Resource }) => Resource === kmsKeyArn).flatMap(({ Action }) => Action);
      const name = role.replace(/Role[0-9A-F]{8}$/, '');
      return actions.length > 0 ? [[name, [...new Set(actions)].toSorted()]] : [];
    }),
  );
}

const read = ['kms:Decrypt', 'kms:DescribeKey'];
const write = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

test('readers of the ledger and of its stream may decrypt, writers may encrypt too, others may do nothing', () => {
  expect(keyActions()).toEqual({
    Cancel: write,
    CancelBatchOperation: write,
    CancelOnEvent: write,
    GetBatchOperation: read,
    GetOperation: read,
    ListBatchItems: read,
    ListBatchOperations: read,
    ListOperations: read,
    ListRejectedEvents: read,
    Pause: write,
    PauseActivity: write,
    PublishOperationEvents: read,
    RedriveRejectedEvents: write,
    Reset: write,
    ResetActivity: write,
    Restart: write,
    ResumeBatchOperation: write,
    RetryBatchOperation: write,
    ReconcileOperations: write,
    StartBatchOperation: write,
    StartRollback: write,
    SuspendBatchOperation: write,
    Terminate: write,
    Unpause: write,
    UnpauseActivity: write,
    UpdateOptions: write,
    WorkerTaskTask: write,
  });
});

test('the key encrypts the table', () => {
  const template = Template.fromStack(control);
  template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: kmsKeyArn } })],
  });
});
