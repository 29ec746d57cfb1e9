import * as z from 'zod/mini';

/*
 * Schemas of responses. They are the source of the responses' types and of docs/openapi.json; no response is checked
 * against them at run time, so functions import routes without making them.
 */

/** The response schemas that have been made, by their names in docs/openapi.json. */
export const responseSchemas = z.registry<{ id: string }>();

/** A response schema with a name of its own in docs/openapi.json. Made at the first call. */
export type NamedSchema<Schema extends z.ZodMiniType = z.ZodMiniType> = () => Schema;

/** The type of the values that a schema describes. */
export type Output<Schema extends NamedSchema> = z.output<ReturnType<Schema>>;

// @__NO_SIDE_EFFECTS__
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

// @__NO_SIDE_EFFECTS__
export function described<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  return schema.check(z.describe(description));
}

export const text = (description: string) => described(z.string(), description);
export const optionalText = (description: string) => z.optional(text(description));
export const time = () => z.iso.datetime().check(z.describe('RFC 3339, UTC.'));
export const optionalTime = () => z.optional(time());
export const count = () => z.int().check(z.gte(0));
export const operationId = () => text('Finds the operation in the ledger; Temporal’s history has it too.');
export const nextPageToken = () => optionalText('Present while there are more.');
export const links = () =>
  z.object({ webUi: optionalText('The run in the Temporal Web UI, where one is configured.') });
export const actor = () =>
  z.object({ id: text('ARN of the IAM caller, or `event:<source>/<event id>` for an event.') });
