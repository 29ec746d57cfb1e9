import type { components } from '../../client/openapi';
import { nothingDoneKinds, rolesFor, routes } from './contract';
import type { RouteName } from './contract';
import type { NamedContext } from '../contexts';
import { apiKeyOf, renewal } from './credentials';
import type { FieldNames } from './field-names';
import type { ApiResponse } from './http';
import { CliError } from '../exit-codes';
import type { Exit } from '../exit-codes';
import { printable } from '../output/quote';

type Problem = components['schemas']['Problem'];

export interface Situation {
  route: RouteName;
  context: NamedContext;
  namespace: string;
  env: Record<string, string | undefined>;
  names: FieldNames;
}

/** API Gateway refuses a signature with a larger clock difference. Source: "Elements of an AWS API request signature", IAM user guide. */
const MAX_SKEW_MINUTES = 5;

const otherApi =
  'A Rewind API answers in another format. Is the URL right, with its stage? It is the output ApiUrl of the stack.';

/** Turns an error response into a message with hints. */
export function problemError(response: ApiResponse, situation: Situation): CliError {
  const { body } = response;
  const problem = isProblem(body) ? body : undefined;
  if (!problem) {
    const said = printable((typeof body === 'string' ? body : (JSON.stringify(body) ?? '')).slice(0, 200));
    return new CliError(
      response.status === 403 ? 'notAllowed' : exitFor(undefined, response.status, situation.route),
      `${situation.context.apiUrl} answered ${response.status}: ${said}`,
      { hints: /not authorized/.test(said) ? accessHints(situation) : [otherApi] },
    );
  }
  const kind = problem.type.replace('urn:rewind:problem:', '');
  const explained = gatewayAnswers[kind]?.(response, situation);
  const { exit = exitFor(kind, response.status, situation.route), message, hints = [] } = explained ?? {};
  return new CliError(exit, message ?? printable(detailOf(problem, situation.names), { newlines: true }), {
    hints: [
      ...hints,
      ...(nextSteps[kind] ?? []),
      ...allowedValues(problem, situation.names),
      ...resetPoints(problem, situation.names),
    ],
    problem,
  });
}

const withoutTemporal = [
  'Rewind responds, but not Temporal or what is between them. The lists of operations and of batch operations do not need Temporal.',
];

/** What to do next about problems whose texts do not say it. */
const nextSteps: Record<string, string[]> = {
  'temporal-timeout': withoutTemporal,
  'temporal-unavailable': withoutTemporal,
  'ledger-unavailable': [
    'Rewind changes nothing without its ledger, in DynamoDB. The temporal command does not need it.',
  ],
};

interface Explained {
  exit?: Exit;
  message: string;
  hints?: string[];
}

/** Messages for API Gateway's own error responses, whose texts say little. */
const gatewayAnswers: Record<string, (response: ApiResponse, situation: Situation) => Explained> = {
  'access-denied': (_response, situation) => ({
    exit: 'notAllowed',
    message: `IAM does not allow this: ${routes[situation.route].method} ${routes[situation.route].path} in namespace ${printable(situation.namespace)}.`,
    hints: accessHints(situation),
  }),
  'expired-credentials': (_response, { context, env }) => ({
    exit: 'notAllowed',
    message: 'The AWS credentials have expired.',
    hints: [renewal(context, env)],
  }),
  'invalid-signature': (response, { context }) => ({
    exit: 'notAllowed',
    message: clockIsOff(response) ?? 'AWS does not accept the signature of the request.',
    hints: clockIsOff(response)
      ? ['Set the clock of this machine: signatures are valid for 5 minutes.']
      : [`Is ${context.region} the region of ${context.apiUrl}? Does the secret access key belong to the access key?`],
  }),
  'invalid-api-key': (_response, { env }) => ({
    exit: 'notAllowed',
    message:
      apiKeyOf(env) === undefined
        ? 'The API requires the API key of a usage plan.'
        : 'The API does not accept the API key in REWIND_API_KEY.',
    hints: [
      'Set REWIND_API_KEY to the value of your client’s key. An administrator can list the keys: aws apigateway get-api-keys --include-values',
    ],
  }),
  'unsigned-or-unknown-route': (_response, { context, route }) => ({
    exit: 'failed',
    message: `${context.apiUrl} has no route ${routes[route].method} ${routes[route].path}.`,
    hints: ['Is this the URL of a Rewind API, with its stage? An older deployment lacks newer routes.'],
  }),
  'throttled-by-gateway': () => ({
    exit: 'failed',
    message: 'The API is limiting requests (429), even after waiting.',
    hints: ['Try again in a minute.'],
  }),
};

const accessHints = ({ route, namespace, context, env }: Situation): string[] => {
  const needed = rolesFor[routes[route].access];
  return [
    `Roles that allow it: ${needed.join(', ')}. Ask for one in namespace ${printable(namespace)} (docs/security.md).`,
    `Context ${context.name}${context.account ? `, account ${context.account}` : ''}; profile ${context.profile ?? env['AWS_PROFILE'] ?? 'none'}`,
  ];
};

function clockIsOff(response: ApiResponse): string | undefined {
  const there = Date.parse(response.headers.get('date') ?? '');
  const minutes = Math.round((Date.now() - there) / 60_000);
  if (Number.isNaN(minutes) || Math.abs(minutes) < MAX_SKEW_MINUTES) return undefined;
  return `The clock of this machine is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'ahead of' : 'behind'} that of AWS.`;
}

/** The exit code, by what the problem means for a change: docs/problems.md. */
function exitFor(kind: string | undefined, status: number, route: RouteName): Exit {
  if (status === 400 || status === 413) return 'usage';
  if (status === 403) return 'notAllowed';
  const maybeDone = routes[route].method === 'POST' && !nothingDoneKinds.includes(kind ?? '');
  if (maybeDone) return 'unknown';
  return status === 429 || status >= 500 ? 'failed' : 'refused';
}

/** The detail of an invalid request begins each sentence with the name of a field. */
const detailOf = ({ detail, errors = [] }: Problem, { nameOf }: FieldNames): string =>
  errors.reduce((text, { field }) => text.replace(`${field} is `, `${nameOf(field)} is `), detail);

function allowedValues({ detail, errors = [] }: Problem, { nameOf, operations }: FieldNames): string[] {
  return errors
    .filter(({ allowed }) => !detail.includes(allowed))
    .map(({ field, allowed }) => {
      // Not given by the user, but the run that was shown.
      if (field === 'ifCurrentRunId')
        return `It was changed after it was shown here: ${operations} has who did it, and why.`;
      const text = allowed.replace('the eventId of one of resetPoints', 'one of these events');
      return `${nameOf(field)}: ${printable(text.replace(/^"allowDuplicate", /, ''))}`;
    });
}

const resetPoints = ({ resetPoints: points = [] }: Problem, { pointOf }: FieldNames): string[] =>
  points.map(({ eventId, label }) => `${pointOf(eventId)}: ${printable(label)}`);

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'type' in body && 'detail' in body;
}
