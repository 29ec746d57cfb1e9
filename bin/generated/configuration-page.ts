import path from 'node:path';
import * as z from 'zod';
import { rewindConfig } from '../../lib/config';
import { withGeneratedPart } from './generated-part';

/** The part of JSON Schema that `z.toJSONSchema` uses for the configuration. */
interface Schema {
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
}

interface Row {
  key: string;
  description: string;
  default: string;
}

/** Returns docs/configuration.md with tables from the configuration's schema. The text around them is kept. */
export function configurationPage(root: string): Promise<string> {
  const tables = configurationTables(z.toJSONSchema(rewindConfig, { io: 'input', unrepresentable: 'any' }) as Schema);
  return withGeneratedPart(path.join(root, 'docs/configuration.md'), tables);
}

/** Returns a table for each top-level key with nested keys, and one for all other keys. */
function configurationTables({ properties = {}, required = [] }: Schema): string {
  const isGroup = (property: Schema) => nestedKeys(property) !== undefined;
  const groups = Object.entries(properties).filter(([, property]) => isGroup(property));
  const others = Object.fromEntries(Object.entries(properties).filter(([, property]) => !isGroup(property)));
  return [
    ...groups.map(
      ([name, property]) => `## \`${name}\`\n\n${property.description ?? ''}\n\n${table(nestedRows(name, property))}`,
    ),
    `## Other keys\n\n${table(rowsOf({ properties: others, required }, ''))}`,
  ].join('\n\n');
}

function table(rows: Row[]): string {
  const lines = rows.map(({ key, description, default: value }) => `| \`${key}\` | ${description} | ${value} |`);
  return ['| key | meaning | default |', '| --- | --- | --- |', ...lines].join('\n');
}

/** Returns a row for each key of an object and of its nested objects, depth first. */
function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): Row[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    if (property.description === undefined) throw new Error(`lib/config/ has no description of "${key}"`);
    const description = property.description.replaceAll('|', '\\|');
    const row = { key, description, default: defaultOf(property, required.includes(name)) };
    return [row, ...nestedRows(key, property)];
  });
}

function nestedRows(key: string, property: Schema): Row[] {
  const nested = nestedKeys(property);
  return nested ? rowsOf(nested, nested === property ? `${key}.` : `${key}.<name>.`) : [];
}

/** Returns the schema with the nested keys of a property: its own for an object, that of the values for a map. */
function nestedKeys(property: Schema): Schema | undefined {
  if (property.properties) return property;
  const { additionalProperties: values } = property;
  return typeof values === 'object' && values.properties ? values : undefined;
}

function defaultOf({ default: value, properties, additionalProperties }: Schema, isRequired: boolean): string {
  if (isRequired) return 'required';
  if (value === undefined) return '';
  const isEmptyObject = JSON.stringify(value) === '{}';
  return isEmptyObject && (properties ?? additionalProperties) ? '' : `\`${JSON.stringify(value)}\``;
}
