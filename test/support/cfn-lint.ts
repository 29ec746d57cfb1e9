/** From PyPI, beside what `npm start` keeps in the cache. */
export const CFN_LINT_VERSION = '1.58.0';

/**
 * Arguments of Python, before the names of templates. The package's own script names the interpreter of the folder that
 * the cache was filled in. W3005: the CDK writes down dependencies that CloudFormation would see by itself.
 */
export const CFN_LINT = [
  '-c',
  'import sys; from cfnlint.runner import main; sys.exit(main())',
  '--ignore-checks',
  'W3005',
  '--',
];
