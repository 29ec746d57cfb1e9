const swc = {
  '^.+\\.[jt]s$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
  ],
};

/** One jest project for each kind of test, so that `npm run test:unit` starts no server. */
const project = (name, testMatch, extra = {}) => ({
  displayName: name,
  testEnvironment: 'node',
  transform: swc,
  testMatch,
  setupFilesAfterEnv: ['<rootDir>/test/patience.ts'],
  ...extra,
});

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    project('unit', ['<rootDir>/test/{api,client,operations,functions,runtime,worker,local}/**/*.test.ts'], {
      // For openapi-typescript: TypeScript 7 has no JavaScript API, and some of what it requires is ESM only. The last
      // TypeScript that has one comes from a package without a `tsc` of its own, which would hide that of the project.
      moduleNameMapper: { '^typescript$': '@ts-morph/common/dist/typescript.js' },
      transformIgnorePatterns: ['/node_modules/(?!.*/?(change-case|index-to-position|parse-json|supports-color)/)'],
    }),
    project('template', ['<rootDir>/test/lib/**/*.test.ts']),
    project('integration', ['<rootDir>/test/integration/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/integration/real-parts.ts',
      globalTeardown: '<rootDir>/test/integration/real-parts-teardown.ts',
    }),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/e2e/local-cloud.ts',
      globalTeardown: '<rootDir>/test/e2e/local-cloud-teardown.ts',
    }),
  ],
};
