import * as z from 'zod/mini';

/*
 * Building blocks of the response schemas. docs/openapi.json and the TypeScript types are derived from these schemas. No
 * response is validated at run time, so a schema is created on demand and functions import routes without creating any.
 */

/** The response schemas created so far, with their names in docs/openapi.json. */
export const responseSchemas = z.registry<{ id: string }>();

/** Returns a response schema that is a named component of docs/openapi.json. The first call creates it. */
export type NamedSchema<Schema extends z.ZodMiniType = z.ZodMiniType> = () => Schema;

/** The TypeScript type of a response schema. */
export type Output<Schema extends NamedSchema> = z.output<ReturnType<Schema>>;

/** Defines a response schema as component `id` of docs/openapi.json. */
export function named<Schema extends z.ZodMiniType>(id: string, make: () => Schema): NamedSchema<Schema> {
  let made: Schema | undefined;
  return () => {
    if (made === undefined) {
      made = make();
      responseSchemas.add(made, { id });
    }
    return made;
  };
}

export function described<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  return schema.check(z.describe(description));
}

export const text = (description: string) => described(z.string(), description);
export const optionalText = (description: string) => z.optional(text(description));
export const time = () => z.iso.datetime().check(z.describe('RFC 3339, UTC.'));
export const optionalTime = () => z.optional(time());
export const count = () => z.int().check(z.gte(0));
export const operationId = () => text('Id of the operation in the ledger. Temporal’s history has it too.');
export const nextPageToken = () => optionalText('The `pageToken` of the next page. Absent on the last page.');
export const links = () =>
  z.object({ webUi: optionalText('URL of the run in the Temporal Web UI, if one is configured.') });
export const actor = () =>
  z.object({ id: text('ARN of the IAM caller, or `event:<source>/<event id>` for an event.') });
