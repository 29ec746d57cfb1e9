import { routes } from '../../api';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { RewindConfigInput } from '../../lib/config';
import { controlStack } from '../support/stacks';

/* The `functions` section of the configuration. */

const synthesize = (functions: RewindConfigInput['functions']) => Template.fromStack(controlStack({ functions }));

test('all functions have the configured memory, and no provisioned concurrency by default', () => {
  const template = synthesize({ memoryMiB: 1769 });
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(functions.length).toBeGreaterThan(10);
  for (const { Properties: properties } of functions) expect(properties).toMatchObject({ MemorySize: 1769 });
  expect(template.findResources('AWS::Lambda::Alias')).toEqual({});
});

test('provisioned concurrency applies to the interactive functions, and the API invokes their aliases', () => {
  const template = synthesize({ provisionedConcurrency: 2 });
  const aliases = Object.entries(template.findResources('AWS::Lambda::Alias'));
  expect(aliases).toHaveLength(Object.values(routes).filter((route) => route.path.startsWith('workflows/')).length);
  for (const [id, { Properties: properties }] of aliases) {
    expect(properties).toMatchObject({ ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      Integration: { Uri: { 'Fn::Join': ['', Match.arrayWith([{ Ref: id }])] } },
    });
    template.hasResourceProperties('AWS::Lambda::Permission', { FunctionName: { Ref: id } });
  }
});

test('only the functions of the API have the configured reserved concurrency', () => {
  const reserved = Object.entries(synthesize({ maxConcurrency: 60 }).findResources('AWS::Lambda::Function')).map(
    ([id, { Properties: properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), properties.ReservedConcurrentExecutions],
  );
  expect(Object.fromEntries(reserved)).toMatchObject({
    Cancel: 60,
    Describe: 60,
    Reset: 60,
    RedriveRejectedEvents: 60,
  });
  for (const name of ['CancelOnEvent', 'ReconcileOperations', 'PublishOperationEvents']) {
    expect(reserved).toContainEqual([name, undefined]);
  }
});

test.each([{ maxConcurrency: 50 }, { maxConcurrency: 60, provisionedConcurrency: 61 }])(
  'refuses %j, which leaves no concurrency for requests that do not wait, or less than is provisioned',
  (functions) => {
    expect(() => synthesize(functions)).toThrow(/functions\.(maxWaiting|provisionedConcurrency)/);
  },
);

test.each([{ memoryMiB: 128 }, { provisionedConcurrency: 0 }])('refuses %j', (functions) => {
  expect(() => synthesize(functions)).toThrow(/functions\.(memoryMiB|provisionedConcurrency)/);
});
