import Ajv from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

/** What an operation answered. */
export interface Answered {
  status: number;
  /** Names in lower case. */
  headers: Record<string, unknown>;
  body: unknown;
}

interface Response {
  $ref?: string;
  headers?: Record<string, object>;
  content: Record<string, { schema: object; examples: Record<string, { $ref?: string; value?: unknown }> }>;
  'x-answered-by'?: Record<string, ('function' | 'gateway')[]>;
}
interface Operation {
  operationId: string;
  responses: Record<string, Response>;
}
export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, Response> };
}

/** docs/openapi.json as a contract: every answer is documented, and every documented one is seen. */
export class Contract {
  /** As {@link documented}, of the answers that were checked. */
  readonly seen = new Set<string>();
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: OpenApiDocument) {
    addFormats(this.ajv);
    // A client has to bear new fields, and so the document lets them through. The code has to document those it has.
    const strict = structuredClone(document);
    Object.values(strict.components.schemas).forEach(closeObjects);
    this.ajv.addSchema(strict, 'openapi');
  }

  /** What a function can answer: `operationId status`, with the problem's type where it is one. */
  get documented(): string[] {
    return this.operations.flatMap(({ operationId, responses }) =>
      Object.entries(responses).flatMap(([status, given]) => {
        const answeredBy = this.resolved(given)['x-answered-by'];
        if (!answeredBy) return [`${operationId} ${status}`];
        return Object.entries(answeredBy).flatMap(([type, by]) =>
          by.includes('function') ? [`${operationId} ${status} ${type}`] : [],
        );
      }),
    );
  }

  /** @throws when the document does not have this answer of this operation */
  check(operationId: string, { status, headers, body }: Answered): void {
    const operation = this.operations.find((known) => known.operationId === operationId);
    const given = operation?.responses[status];
    const contentType = String(headers['content-type']).split(';')[0] ?? '';
    const what = `${operationId} answered ${status} ${contentType} ${JSON.stringify(body)}`;
    if (!given) throw new Error(`${what}: docs/openapi.json has no such status`);
    const response = this.resolved(given);
    const schema = response.content[contentType]?.schema;
    if (!schema) throw new Error(`${what}: docs/openapi.json has no such content type`);
    const problems = this.errors(schema, body);
    if (problems !== undefined) throw new Error(`${what}: ${problems}`);
    for (const name of ['location', 'retry-after', 'idempotent-replayed']) {
      const documented = Object.keys(response.headers ?? {}).some((known) => known.toLowerCase() === name);
      if (headers[name] !== undefined && !documented) throw new Error(`${what} with an undocumented header ${name}`);
    }
    const type = contentType === 'application/problem+json' ? ` ${(body as { type: string }).type}` : '';
    this.seen.add(`${operationId} ${status}${type}`);
  }

  /** The operation that a request is for, by its path below the API's base. */
  operationIdOf(method: string, path: string): string | undefined {
    const [, found] =
      Object.entries(this.document.paths).find(
        ([template, methods]) =>
          method.toLowerCase() in methods && new RegExp(`${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
      ) ?? [];
    return found?.[method.toLowerCase()]?.operationId;
  }

  /** Why a value is not what a schema of the document demands; nothing when it is. */
  errors(schema: object, value: unknown): string | undefined {
    const key = JSON.stringify(schema);
    const validate = this.validators.get(key) ?? this.ajv.compile(referringTo('openapi', schema));
    this.validators.set(key, validate);
    return validate(value) ? undefined : this.ajv.errorsText(validate.errors);
  }

  resolved(response: Response): Response {
    return response.$ref === undefined
      ? response
      : (this.document.components.responses[response.$ref.split('/').at(-1) ?? ''] as Response);
  }

  get operations(): Operation[] {
    return Object.values(this.document.paths).flatMap((methods) => Object.values(methods));
  }
}

/** A part of the document, to stand by itself. */
function referringTo(document: string, part: object): object {
  return JSON.parse(JSON.stringify(part).replaceAll('"$ref":"#/', `"$ref":"${document}#/`)) as object;
}

function closeObjects(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  Object.values(schema).forEach(closeObjects);
  if ('type' in schema && schema.type === 'object' && !('additionalProperties' in schema)) {
    Object.assign(schema, { additionalProperties: false });
  }
}
