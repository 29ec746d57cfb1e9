import { commands } from '../../cli/commands';
import { routes } from '../../cli/requests/contract';
import { flagNames, plainNames } from '../../cli/requests/field-names';

/* The API's messages name fields. The command names its options instead, and the console says what a field is. */

/** Fields that the command sets itself, and arguments that become fields. */
const notOptions = ['pageToken', 'dryRun', 'namespace'];
/** The command sends only those fields for which it has options. */
const notSent: Record<string, string[]> = { 'batch retry': ['expectMatched'], console: ['query', 'pageSize'] };

const withRoute = commands.flatMap((command) => (command.route === undefined ? [] : { command, route: command.route }));

test.each(withRoute.map(({ command, route }) => [command.name, command, route] as const))(
  'rewind %s has the options that its errors name',
  (name, { options = {} }, route) => {
    const flags = Object.values(options).flatMap((option) => option.flags.match(/--[\w-]+/) ?? []);
    const fields = Object.keys(routes[route].fields).filter(
      (field) => ![...notOptions, ...(notSent[name] ?? [])].includes(field),
    );
    const named = fields.map((field) => flagNames.nameOf(`${field}.part`)).filter((text) => text.startsWith('--'));
    expect(named.filter((flag) => !flags.includes(flag))).toEqual([]);
  },
);

test('headers, parts of fields, and pages', () => {
  expect(flagNames.nameOf('Idempotency-Key')).toBe('--idempotency-key');
  expect(flagNames.nameOf('target.beforeActivity')).toBe('--to');
  expect([flagNames.pointOf(4), plainNames.pointOf(4)]).toEqual(['--to 4', 'event 4']);
  expect(['workflowId', 'target.eventId', 'terminateRunId'].map(plainNames.nameOf)).toEqual([
    'the workflow',
    'the point',
    'terminate run id',
  ]);
});
