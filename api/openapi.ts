import * as z from 'zod';
import packageJson from '../package.json';
import * as example from './example-values';
import { failureKinds, failures, problemType } from './failures';
import type { FailureKind } from './failures';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './fields';
import { gatewayProblems } from './gateway-problems';
import { gatewayProblem, problem, problemExamples } from './problem';
import { NAMESPACE_PATH } from './route';
import type { Route, RouteResponse } from './route';
import { responseSchemas } from './schema';
import { routes } from '.';

type Json = Record<string, unknown>;

const schemaRef = (id: string) => ({ $ref: `#/components/schemas/${id}` });

/** Failures with a temporary cause: their responses have a `Retry-After` header. */
const passing = new Set(failureKinds.filter((kind) => failures[kind].retry === 'soon'));

const allRoutes: [operationId: string, route: Route][] = Object.entries(routes);

/** Returns the OpenAPI 3.1 document of the HTTP API, which is docs/openapi.json. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Rewind',
      version: packageJson.version,
      summary: 'Cancels and resets Temporal workflows. IAM authorizes each request, and a ledger records each change.',
      description:
        'Sign requests with AWS Signature Version 4 for the service `execute-api`. Bodies are JSON with Temporal’s field ' +
        'names. Unknown fields in requests are errors; responses may get new fields. Every error response is an RFC 9457 ' +
        'problem: match on its `type`.',
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    servers: [
      {
        url: 'https://{apiId}.execute-api.{region}.amazonaws.com/{stage}',
        description: 'The output `ApiUrl` of the stack.',
        variables: {
          apiId: { default: 'apiid', description: 'Id of the REST API.' },
          region: { default: 'eu-west-1' },
          stage: { default: 'v1' },
        },
      },
    ],
    security: [{ sigv4: [] }],
    tags: [
      { name: 'workflows', description: 'Show, cancel, terminate, reset, pause or restart a workflow.' },
      { name: 'activities', description: 'Reset, pause or unpause pending activities of a workflow.' },
      { name: 'operations', description: 'Search the ledger: who changed what, when and why.' },
      { name: 'batch operations', description: 'Change many workflows, with a result for each.' },
      { name: 'rejected events', description: 'List and redrive events that could not be processed.' },
    ],
    paths: paths(),
    components: {
      securitySchemes,
      parameters,
      headers: responseHeaders,
      responses: Object.fromEntries(allRoutes.flatMap(([, route]) => problemResponses(route))),
      examples: named({ ...failureExamples(), ...gatewayExamples() }),
      schemas: { ...namedSchemas(), ...requestSchemas() },
    },
  };
}

function paths(): Json {
  const byPath: Record<string, Json> = {};
  for (const [operationId, route] of allRoutes) {
    const path = `/${NAMESPACE_PATH}/${route.path}`;
    byPath[path] = { ...byPath[path], [route.method.toLowerCase()]: operation(operationId, route) };
  }
  return byPath;
}

const securitySchemes = {
  sigv4: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'AWS Signature Version 4 for the service `execute-api`.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
};

const parameters = {
  namespace: pathParameter('namespace', 'A Temporal namespace that this deployment serves.', 'prod.a1b2c'),
  operationId: pathParameter('operationId', 'The `operationId` in the response to a change.', example.operationId),
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Executes the change once: the same request with the same key gets the first response again, for as long as the ' +
      'ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11',
  },
};

const responseHeaders = {
  idempotentReplayed: {
    description: '`true` if this is the response to an earlier request with this key. Nothing was done this time.',
    schema: { const: 'true' },
  },
  location: {
    description: 'URL of the created resource, relative to the request’s URL.',
    schema: { type: 'string' },
  },
  retryAfter: { description: 'Seconds to wait before a retry.', schema: { type: 'integer' } },
};

function operation(operationId: string, route: Route): Json {
  const { method, path, access, tag, summary, description, requests, responses } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    'x-access': access,
    parameters: [
      { $ref: '#/components/parameters/namespace' },
      ...(path.includes('{operationId}') ? [{ $ref: '#/components/parameters/operationId' }] : []),
      ...(method === 'POST' ? [{ $ref: '#/components/parameters/idempotencyKey' }] : queryParameters(route)),
    ],
    ...(method === 'POST' && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaRef(requestName(operationId)), examples: named(requests) } },
      },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(responses).map(([status, each]) => [status, successResponse(method, each)])),
      ...Object.fromEntries(
        problemResponses(route).map(([name]) => [name.split('.')[0], { $ref: `#/components/responses/${name}` }]),
      ),
    },
  };
}

function successResponse(method: Route['method'], { description, schema, examples, location }: RouteResponse): Json {
  const { id = '' } = responseSchemas.get(schema()) ?? {};
  const headers = {
    ...(location && { Location: { $ref: '#/components/headers/location' } }),
    ...(method === 'POST' && { 'Idempotent-Replayed': { $ref: '#/components/headers/idempotentReplayed' } }),
  };
  return {
    description,
    ...(Object.keys(headers).length > 0 && { headers }),
    content: { 'application/json': { schema: schemaRef(id), examples: named(examples) } },
  };
}

/** Returns the problem responses of a route. The name is made of the status and the problems, so that routes share components. */
function problemResponses(route: Route): [name: string, response: Json][] {
  const statuses = new Set([
    ...route.failures.map((name) => failures[name].status),
    ...gatewayProblems.flatMap(({ status, statuses: several = [] }) => status ?? several),
  ]);
  return [...statuses]
    .toSorted((one, other) => one - other)
    .map((status) => {
      const byFunction = route.failures.filter((name) => failures[name].status === status);
      const byGateway = gatewayProblemsOf(status);
      const by = [...byFunction, ...(byGateway.length > 0 ? ['gateway'] : [])];
      return [[status, ...by].join('.'), problemResponse(status, byGateway, byFunction)];
    });
}

function gatewayProblemsOf(status: number) {
  return gatewayProblems.filter((known) => known.status === status || known.statuses?.includes(status));
}

function problemResponse(
  status: number,
  byGateway: readonly { name: string; title: string; retryAfterSeconds?: number }[],
  byFunction: readonly FailureKind[],
): Json {
  const titles = new Map([
    ...byGateway.map(({ name, title }) => [name, title] as const),
    ...byFunction.map((name) => [name, failures[name].title] as const),
  ]);
  const answeredBy = (name: string) => [
    ...(byFunction.some((known) => known === name) ? ['function'] : []),
    ...(byGateway.some((known) => known.name === name) ? ['gateway'] : []),
  ];
  const retryAfter = byFunction.some((name) => passing.has(name)) || byGateway.some((known) => known.retryAfterSeconds);
  // A final failure is recorded, and the same request with the same key gets it again.
  const replayable = byFunction.some((name) => failures[name].retry === 'never');
  const headers = {
    ...(retryAfter && { 'Retry-After': { $ref: '#/components/headers/retryAfter' } }),
    ...(replayable && { 'Idempotent-Replayed': { $ref: '#/components/headers/idempotentReplayed' } }),
  };
  const narrowed = {
    type: 'object',
    properties: {
      type: { enum: [...titles.keys()].map(problemType) },
      status: { const: status },
    },
  };
  return {
    description: `${[...titles.values()].join('; ')}.`,
    'x-answered-by': Object.fromEntries([...titles.keys()].map((name) => [problemType(name), answeredBy(name)])),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      'application/problem+json': {
        schema: { allOf: [problemSchema(byGateway.length > 0, byFunction.length > 0), narrowed] },
        examples: Object.fromEntries(
          [...titles.keys()].map((name) => [name, { $ref: `#/components/examples/${name}` }]),
        ),
      },
    },
  };
}

function problemSchema(fromGateway: boolean, fromFunction: boolean) {
  if (!fromGateway) return schemaRef('Problem');
  return fromFunction ? { anyOf: ['Problem', 'GatewayProblem'].map(schemaRef) } : schemaRef('GatewayProblem');
}

function failureExamples(): Json {
  return Object.fromEntries(
    failureKinds.map((name) => {
      const { title, status } = failures[name];
      const { detail, ...rest } = problemExamples[name];
      return [name, { type: problemType(name), title, status, detail, requestId: example.requestId, ...rest }];
    }),
  );
}

/** Examples of the problems that only the gateway returns. */
function gatewayExamples(): Json {
  const own = gatewayProblems.filter(({ name }) => !(name in failures));
  return Object.fromEntries(
    own.map(({ name, title, status }) => [
      name,
      { type: problemType(name), title, ...(status && { status }), detail: title, requestId: example.requestId },
    ]),
  );
}

function pathParameter(name: string, description: string, value: string): Json {
  return { name, in: 'path', required: true, description, schema: { type: 'string', minLength: 1 }, example: value };
}

/** `pageSize` is validated as a string of digits. The document declares an integer, for generated clients. */
const pageSizeSchema = { type: 'integer', minimum: 1, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE };

function queryParameters({ request, requests }: Route): Json[] {
  const { properties = {}, required = [] } = requestSchema(request);
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as z.core.JSONSchema.BaseSchema;
    const examples = Object.entries(requests).filter(([, query]) => name in query);
    return {
      name,
      in: 'query',
      ...(required.includes(name) && { required: true }),
      description,
      schema: name === 'pageSize' ? pageSizeSchema : schema,
      ...(examples.length > 0 && {
        examples: named(Object.fromEntries(examples.map(([what, query]) => [what, (query as Json)[name]]))),
      }),
    };
  });
}

const requestName = (operationId: string) => `${operationId[0]?.toUpperCase()}${operationId.slice(1)}Request`;

function requestSchemas(): Json {
  const posts = allRoutes.filter(([, { method }]) => method === 'POST');
  return Object.fromEntries(
    posts.map(([operationId, { request }]) => [requestName(operationId), requestSchema(request)]),
  );
}

/** Converts a request schema to JSON Schema. The error text of a field describes its valid values, so it is the description too. */
function requestSchema(schema: z.core.$ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: (written) => {
      const allowed = allowedBy(written.zodSchema);
      if (allowed !== undefined) written.jsonSchema.description = allowed;
    },
  });
  return rest;
}

/** Removes keywords that repeat the format or type. Only for responses: requests keep every keyword that is checked. */
function withoutNoise({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

function allowedBy({ _zod: { def } }: z.core.$ZodTypes): string | undefined {
  const said = def.error?.({ code: 'custom', input: undefined, path: [], message: '' } as never);
  return typeof said === 'string' ? said : said?.message;
}

/**
 * Unlike requests, responses allow additional properties, because they may get new fields. test/support/contract.ts does not
 * allow them in the code's own responses.
 */
function namedSchemas(): Json {
  problem();
  gatewayProblem();
  const { schemas } = z.toJSONSchema(responseSchemas, {
    io: 'input',
    uri: (id) => schemaRef(id).$ref,
    override: withoutNoise,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]),
  );
}

function named(values: Json): Json {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
