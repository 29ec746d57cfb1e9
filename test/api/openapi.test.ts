import { createConfig, lintFromString } from '@redocly/openapi-core';
import { openApiDocument } from '../../api/openapi';
import { routes } from '../../api';
import type { Route } from '../../api/route';
import { validate } from '../../functions/validation';
import { Contract } from '../support/contract';
import type { OpenApiDocument } from '../support/contract';

const document = openApiDocument() as unknown as OpenApiDocument;
const contract = new Contract(document);

test('the document passes the recommended rules of the OpenAPI linter', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const source = JSON.stringify(document);
  const found = await lintFromString({ source, absoluteRef: 'docs/openapi.json', config });
  expect(found.map(({ ruleId, message, location: [at] }) => `${ruleId}: ${message} (${at?.pointer})`)).toEqual([]);
});

test.each(Object.entries<Route>(routes))(
  'accepts the example requests of %s',
  (name, { method, request, requests }) => {
    expect(method === 'GET' || Object.keys(requests).length > 0).toBe(true);
    for (const example of Object.values(requests)) {
      const { pageSize, ...rest } = example as { pageSize?: number };
      // Query parameters are strings.
      expect(() => validate(request, { ...rest, ...(pageSize && { pageSize: String(pageSize) }) })).not.toThrow();
      if (method === 'GET') continue;
      const schema = { $ref: `#/components/schemas/${name[0]?.toUpperCase()}${name.slice(1)}Request` };
      // oxlint-disable-next-line jest/no-conditional-expect -- only a POST has a body
      expect(contract.errors(schema, example)).toBeUndefined();
    }
  },
);

test.each(contract.operations)('the example responses of $operationId match its schemas', ({ responses }) => {
  for (const given of Object.values(responses)) {
    for (const { schema, examples } of Object.values(contract.resolved(given).content)) {
      expect(examples).not.toEqual({});
      for (const { $ref: ref, value } of Object.values(examples)) {
        const example = ref === undefined ? value : pointed(ref).value;
        expect(contract.errors(schema, example)).toBeUndefined();
      }
    }
  }
});

function pointed(ref: string): { value?: unknown } {
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document) as { value?: unknown };
}
