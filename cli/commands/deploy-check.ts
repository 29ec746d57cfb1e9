import type { Check } from '../../lib/deploy-check';
import { credentialsOf } from '../requests/credentials';
import { defineCommand, text } from '../command-line/declaration';
import type { Exit } from '../exit-codes';

export const deployCheck = defineCommand({
  name: 'deploy-check',
  summary: 'Check what a deployment to your AWS account needs',
  description:
    'Run it before `cdk deploy`. It checks the configuration, credentials and region, `cdk bootstrap`, the limits of the stacks, whether the worker’s image can be built, and for each namespace ' +
    'its secret, the certificate in the secret, the address, and whether Temporal accepts changes with them. ' +
    'It changes nothing and does not print secret values. ' +
    'Exit code 2: the configuration is invalid; 7: no valid AWS credentials; 1: something else is missing. ' +
    'What cannot be checked from this machine is `unknown`, which does not count as a failure.',
  offline: true,
  options: {
    config: text(
      '--config <file>',
      'JSON file with the configuration; "rewind" in the context of cdk.json when left out',
    ),
    stage: text('--stage <name>', 'stage of cdk.json: "rewind-<stage>" in its context'),
    region: text('--region <region>', 'AWS region; when left out, that of the environment or profile'),
    toolkitStack: text('--toolkit-stack-name <name>', 'stack of `cdk bootstrap`; CDKToolkit when left out'),
    profile: text('--profile <name>', 'profile of the AWS configuration files'),
  },
  examples: [
    { line: 'rewind deploy-check --config rewind.json', does: 'then: npx cdk deploy --all -c config=rewind.json' },
  ],
  async run(session, { config, stage, region, profile, toolkitStack }) {
    const { env } = session.terminal;
    const credentials = credentialsOf({ name: '', apiUrl: '', region: region ?? '', ...(profile && { profile }) }, env);
    const { deployCheck: run } = await import('../../lib/deploy-check');
    const checks = await run({
      file: config,
      stage,
      region,
      profile: profile ?? env['AWS_PROFILE'],
      credentials,
      toolkitStack,
    });
    session.output.rows('checks', checks, [
      { title: 'RESULT', value: ({ result }) => result, style: ({ result }) => styles[result] },
      { title: 'CHECK', value: ({ check }) => check },
      { title: 'FOUND', value: ({ found }) => found },
      { title: 'TO DO', value: ({ action }) => action },
    ]);
    return exitOf(checks);
  },
});

const styles = { ok: 'green', failed: 'red', unknown: 'yellow' } as const;

function exitOf(checks: readonly Check[]): Exit {
  const failed = checks.find(({ result }) => result === 'failed');
  if (failed === undefined) return 'done';
  if (failed.check === 'configuration') return 'usage';
  return failed.check === 'credentials' ? 'notAllowed' : 'failed';
}
