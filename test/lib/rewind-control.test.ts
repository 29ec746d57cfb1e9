import { NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ConfigError } from '../../lib/config';
import { RewindControl } from '../../lib/rewind-control';
import { namespaces } from '../support/stacks';
import { unbundledApp } from '../support/unbundled-app';

/* The construct in a stack of another app, without `ControlStack`. */

const newStack = () => new Stack(unbundledApp(), 'Platform');

test('its resources have the tags of the configuration, and the stack itself has not', () => {
  const stack = newStack();
  new RewindControl(stack, 'Rewind', { namespaces, tags: { team: 'payments' } });
  const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  expect(functions.length).toBeGreaterThan(10);
  for (const { Properties: properties } of functions) {
    expect(properties).toMatchObject({ Tags: [{ Key: 'team', Value: 'payments' }] });
  }
  expect(stack.tags.tagValues()).toEqual({});
});

test('an invalid configuration is reported with the path of the construct', () => {
  const create = () =>
    new RewindControl(newStack(), 'Rewind', { namespaces: { prod: { ...namespaces['prod.a1b2c'], address: 'host' } } });
  expect(create).toThrow(ConfigError);
  expect(create).toThrow(
    /^The configuration in the props of RewindControl "Platform\/Rewind" is not valid:\n  props\.namespaces\.prod\.address: must be host:port/,
  );
});

test('a stack has one, because metrics, alarms and the API’s name identify a deployment by its stack', () => {
  const stack = newStack();
  new RewindControl(stack, 'Orders', { namespaces });
  let error: unknown;
  try {
    new RewindControl(stack, 'Payments', { namespaces });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/^RewindControl "Platform\/Payments": the stack already has "Platform\/Orders"/),
  });
  expect(() => new RewindControl(new NestedStack(stack, 'Nested'), 'Payments', { namespaces })).not.toThrow();
});
