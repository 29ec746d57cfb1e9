import { Match, Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../lib/config';
import { statementsByRole } from '../support/role-policies';
import { controlStack, namespaces } from '../support/stacks';

/* `ledger.tableStreamArn`: a deployment on a table that exists. */

const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/RewindControl-Ledger';
const tableStreamArn = `${tableArn}/stream/2026-01-31T12:00:00.000`;

test('creates no table, and uses the given table and its stream', () => {
  const stack = Template.fromStack(controlStack({ ledger: { tableStreamArn } }));

  expect(stack.findResources('AWS::DynamoDB::GlobalTable')).toEqual({});
  stack.hasOutput('LedgerTableName', { Value: 'RewindControl-Ledger' });
  stack.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: tableStreamArn });
  stack.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ REWIND_LEDGER_TABLE: 'RewindControl-Ledger' }) },
  });
  const statements = [...statementsByRole(stack.toJSON()['Resources']).values()].flat();
  expect(statements).toContainEqual(
    expect.objectContaining({
      Action: expect.arrayContaining(['dynamodb:GetRecords']),
      Resource: `${tableArn}/stream/*`,
    }),
  );
  expect(statements).toContainEqual(
    expect.objectContaining({
      Action: expect.arrayContaining(['dynamodb:UpdateItem']),
      Resource: expect.arrayContaining([tableArn, `${tableArn}/index/unsettled`]),
    }),
  );
});

test.each([tableArn, 'RewindControl-Ledger', tableStreamArn.replace('dynamodb', 'kinesis')])(
  'refuses %s as the ARN of a stream',
  (value) => {
    expect(() => parseConfig({ namespaces, ledger: { tableStreamArn: value } })).toThrow(
      /ledger\.tableStreamArn.*the ARN of the stream of a DynamoDB table/s,
    );
  },
);
