import type * as OpenapiTypescript from 'openapi-typescript';

/* oxlint-disable typescript/no-require-imports -- the order matters: the TypeScript module is replaced before it is used */

/** Returns the source of client/openapi.ts, the TypeScript types of the OpenAPI document. */
export async function clientTypes(document: object): Promise<string> {
  // openapi-typescript needs TypeScript's JavaScript API, which TypeScript 7 does not have. ts-morph contains the last version with it.
  require.cache[require.resolve('typescript')] = {
    exports: require('@ts-morph/common/dist/typescript.js') as unknown,
  } as NodeJS.Module;
  const { default: openapiTypescript, astToString } = require('openapi-typescript') as typeof OpenapiTypescript;
  const types = await openapiTypescript(structuredClone(document) as never, {
    alphabetize: false,
    defaultNonNullable: false,
  });
  return `/* Generated from docs/openapi.json by \`npm run generate\`. Do not edit. */\n\n${astToString(types)}`;
}
