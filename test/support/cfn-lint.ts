/** Installed from PyPI into the cache of `npm start`. */
export const CFN_LINT_VERSION = '1.58.0';

/**
 * Arguments of Python, before the names of templates. The package's own script contains the path of the interpreter
 * before the cache folder was moved. W3005: the CDK lists dependencies that CloudFormation infers.
 */
export const CFN_LINT = [
  '-c',
  'import sys; from cfnlint.runner import main; sys.exit(main())',
  '--ignore-checks',
  'W3005',
  '--',
];
