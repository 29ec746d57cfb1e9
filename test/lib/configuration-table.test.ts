import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { rewindConfig } from '../../lib/config';

/*
 * README's table of the configuration is made from the schema that checks it. After a change,
 * `UPDATE_DOCS=1 npx jest configuration-table` writes it anew.
 */

/** The part of JSON Schema that `z.toJSONSchema` uses for the configuration. */
interface Schema {
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  anyOf?: Schema[];
  enum?: unknown[];
}

const readme = path.resolve(__dirname, '../../README.md');
const markers = /(<!-- configuration:.*?-->\n)[\s\S]*?(<!-- \/configuration -->)/;

test("README's configuration table is that of the schema", () => {
  const table = rowsOf(z.toJSONSchema(rewindConfig, { io: 'input', unrepresentable: 'any' }) as Schema);
  const text = readFileSync(readme, 'utf8');
  const updated = text.replace(markers, (_all, start: string, end: string) => `${start}\n${table}\n\n${end}`);
  const written = formatted(updated);
  if (process.env['UPDATE_DOCS']) writeFileSync(readme, written);
  expect(readFileSync(readme, 'utf8')).toBe(written);
  expect(text).toMatch(markers);
});

function rowsOf(schema: Schema): string {
  const rows = keysOf(schema, '').map(({ key, description, standard }) => {
    // Every key says what it is, or nobody could use it.
    expect({ key, description }).toEqual({ key, description: expect.any(String) });
    return `| \`${key}\` | ${description?.replaceAll('|', '\\|')} | ${standard} |`;
  });
  return ['| key | what it is | default |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The keys of an object and of what is in it, each with what stands when it is absent. */
function keysOf(schema: Schema, prefix: string): { key: string; description?: string; standard: string }[] {
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    const needed = schema.required?.includes(name) ?? false;
    const deeper = keysOf(property, `${key}.`);
    const own = { key, description: property.description, standard: standardOf(property, needed) };
    return property.properties && deeper.length > 0 ? deeper : [own, ...deeper];
  });
  const named = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return named?.properties ? [...inside, ...keysOf(named, `${prefix}<name>.`)] : inside;
}

function standardOf({ default: standard, properties, additionalProperties }: Schema, needed: boolean): string {
  if (needed) return 'required';
  if (standard === undefined) return '';
  const empty = JSON.stringify(standard) === '{}';
  return empty && (properties ?? additionalProperties) ? '' : `\`${JSON.stringify(standard)}\``;
}

/** As `npm run format` leaves it. */
function formatted(markdown: string): string {
  const prettier = require.resolve('prettier/bin/prettier.cjs');
  return execFileSync(process.execPath, [prettier, '--stdin-filepath', readme], { input: markdown, encoding: 'utf8' });
}
