import { format } from 'prettier';
import { BATCH_WORKFLOW_ID_PREFIX } from '../../api/batch-workflow-id';
import { failureKinds, failures } from '../../api/failures';
import { routes } from '../../api';
import { roleNames, roles } from '../../api/roles';
import type { Role } from '../../api/roles';

/** The part of the OpenAPI document that describes a request. */
interface Schema {
  description?: string;
  enum?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
}
interface Operation {
  operationId: string;
  parameters?: { name: string; in?: string; description?: string; schema?: Schema }[];
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/**
 * Returns the source of cli/requests/contract.ts, which has the parts of the contract that the command `rewind` uses. The command does
 * not import the schemas, because loading them would take longer than its whole start.
 * @param document the OpenAPI document
 */
export function cliContract(document: object): Promise<string> {
  const { paths, components } = document as Document;
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const described = Object.entries(routes).map(([operationId, { method, path, access, changes, summary }]) => {
    const { parameters = [] } = operations.find((operation) => operation.operationId === operationId) ?? {};
    const query = parameters.filter((parameter) => parameter.in === 'query');
    const schema = components.schemas[`${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}Request`];
    const properties: Record<string, Schema> = {
      ...schema?.properties,
      ...Object.fromEntries(query.map(({ name, description, schema: one }) => [name, { ...one, description }])),
    };
    const fields = Object.fromEntries(Object.entries(properties).map(([name, { description }]) => [name, description]));
    const enumerated = Object.entries(properties).flatMap(([name, { items, enum: values = items?.enum }]) =>
      values ? [[name, values]] : [],
    );
    const choices = enumerated.length > 0 ? Object.fromEntries(enumerated) : undefined;
    return [operationId, { method, path, access, changes, summary, fields, choices }] as const;
  });
  const allowedFor = roleNames.map((role) => [role, rolesThatInclude(role)] as const);
  const nothingDone = failureKinds.filter((kind) => failures[kind].nothingDone);
  return format(
    `/* Generated from api/ by \`npm run generate\`. Do not edit. */

/** Every route, whether it makes changes, a description of the valid values of each request field, and the values of enumerations. */
export const routes = ${JSON.stringify(Object.fromEntries(described))} as const;
export type RouteName = keyof typeof routes;

/** The roles that allow the routes of a role: the role itself, then the roles that include it. */
export const rolesFor = ${JSON.stringify(Object.fromEntries(allowedFor))} as const;

/** A batch operation's workflow has this prefix and the operation's id. The ledger records stops and suspensions under its id. */
export const BATCH_WORKFLOW_ID_PREFIX = ${JSON.stringify(BATCH_WORKFLOW_ID_PREFIX)};

/** Kinds of failure after which it is certain that no change was made. */
export const nothingDoneKinds: readonly string[] = ${JSON.stringify(nothingDone)};
`,
    { parser: 'typescript', printWidth: 120, singleQuote: true },
  );
}

function rolesThatInclude(needed: Role): Role[] {
  // Every role may read.
  if (needed === 'reader') return roleNames;
  const includes = (role: Role) => (roles[role] as readonly Role[]).includes(needed);
  return [needed, ...roleNames.filter(includes)];
}
