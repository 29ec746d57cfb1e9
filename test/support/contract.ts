import Ajv from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

/** An HTTP response. */
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

/** Checks responses against docs/openapi.json, and collects which documented responses were seen. */
export class Contract {
  /** The checked responses, in the form of {@link documented}. */
  readonly seen = new Set<string>();
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: OpenApiDocument) {
    addFormats(this.ajv);
    // The document allows additional properties for future versions; the code must document those that it returns.
    const strict = structuredClone(document);
    Object.values(strict.components.schemas).forEach(closeObjects);
    this.ajv.addSchema(strict, 'openapi');
  }

  /** The documented responses of functions: `operationId status`, followed by the type of a problem. */
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

  /** @throws when the document lacks this response of this operation */
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

  /** The operation of a request, by its path below the API's base. */
  operationIdOf(method: string, path: string): string | undefined {
    const [, found] =
      Object.entries(this.document.paths).find(
        ([template, methods]) =>
          method.toLowerCase() in methods && new RegExp(`${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
      ) ?? [];
    return found?.[method.toLowerCase()]?.operationId;
  }

  /** Why a value does not match a schema of the document, or undefined. */
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

/** A part of the document, with references into it. */
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
