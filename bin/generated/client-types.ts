import type * as OpenapiTypescript from 'openapi-typescript';

/* oxlint-disable typescript/no-require-imports -- the order matters: the TypeScript module is replaced before it is used */

/** The TypeScript types of the OpenAPI document, for the typed client. */
export async function clientTypes(document: object): Promise<string> {
  // openapi-typescript needs TypeScript's JavaScript API. TypeScript 7 has none; ts-morph ships the last version that has.
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
