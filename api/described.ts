import type * as z from 'zod';

/** With every optional field required, all the way down: to see a field that only one of two types has. */
type Whole<T> = T extends object ? { [Key in keyof T]-?: Whole<Exclude<T[Key], undefined>> } : T;

type Same<One, Other> = [Whole<One>, One] extends [Whole<Other>, Other]
  ? [Whole<Other>, Other] extends [Whole<One>, One]
    ? true
    : false
  : false;

/**
 * Ties a schema to the type that the code answers with: what the two do not have in common does not compile.
 * @example `const run = describes<RunSummary>()(z.object({ … }))`
 */
export const describes =
  <Answer>() =>
  <Schema extends z.ZodType>(
    schema: Same<z.output<Schema>, Answer> extends true ? Schema : { schemaAndTypeDiffer: [z.output<Schema>, Answer] },
  ): Schema =>
    schema as Schema;
