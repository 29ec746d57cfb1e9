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
  setupFilesAfterEnv: ['<rootDir>/test/support/jest-setup.ts'],
  ...extra,
});

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    project('unit', ['<rootDir>/test/{api,aws,client,operations,functions,worker,local}/**/*.test.ts'], {
      // For openapi-typescript: TypeScript 7 has no JavaScript API, and some of what it requires is ESM only. The last
      // TypeScript that has one comes from a package without a `tsc` of its own, which would hide that of the project.
      moduleNameMapper: { '^typescript$': '@ts-morph/common/dist/typescript.js' },
      transformIgnorePatterns: ['/node_modules/(?!.*/?(change-case|index-to-position|parse-json|supports-color)/)'],
    }),
    project('template', ['<rootDir>/test/lib/**/*.test.ts']),
    project('integration', ['<rootDir>/test/integration/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/support/real-parts.ts',
      globalTeardown: '<rootDir>/test/support/real-parts-teardown.ts',
    }),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/support/local-cloud.ts',
      globalTeardown: '<rootDir>/test/support/local-cloud-teardown.ts',
    }),
  ],
};
