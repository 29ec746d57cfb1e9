import type { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../lib/config';
import { ControlStack } from '../../lib/control-stack';
import { statementsByRole } from '../support/role-policies';
import { unbundledApp } from '../support/unbundled-app';

/* `ledger.tableStreamArn`: a deployment on a table that exists. */

const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/RewindControl-Ledger';
const tableStreamArn = `${tableArn}/stream/2026-01-31T12:00:00.000`;
const namespaces = {
  'prod.a1b2c': {
    address: 'prod.a1b2c.tmprl.cloud:7233',
    secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf',
  },
};

function template(app: App): Template {
  const config = parseConfig({ namespaces, ledger: { tableStreamArn } });
  return Template.fromStack(new ControlStack(app, 'Control', { config }));
}

test('creates no table, and uses the given table and its stream', () => {
  const stack = template(unbundledApp());

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
