const swc = {
  '^.+\\.[jt]s$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
  ],
};

/** One jest project for each kind of test, so that `npm run test:unit` starts no server and takes seconds. */
const project = (name, testMatch, extra = {}) => ({
  displayName: name,
  testEnvironment: '<rootDir>/test/support/node-environment.ts',
  transform: swc,
  testMatch,
  // The package that bin/package.ts makes has the name of the repository's own.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  setupFilesAfterEnv: ['<rootDir>/test/support/jest-setup.ts'],
  ...extra,
});

/** @type {import('jest').Config} */
module.exports = {
  // Half of the tests' time is waiting: for servers, leases, deadlines. Two workers more than the two cores of CI.
  maxWorkers: 4,
  testSequencer: '<rootDir>/test/support/sequencer.js',
  projects: [
    project(
      'unit',
      ['<rootDir>/test/{api,aws,bin,cli,client,console,docs,operations,functions,worker,local,examples}/**/*.test.ts'],
      { testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/operations/simulation/'] },
    ),
    project('simulation', ['<rootDir>/test/operations/simulation/*.test.ts']),
    project('template', ['<rootDir>/test/lib/**/*.test.ts']),
    project('integration', ['<rootDir>/test/integration/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/support/integration-setup.ts',
      globalTeardown: '<rootDir>/test/support/integration-teardown.ts',
    }),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/support/e2e-setup.ts',
      globalTeardown: '<rootDir>/test/support/e2e-teardown.ts',
      testEnvironment: '<rootDir>/test/support/e2e-environment.ts',
    }),
  ],
};
