import path from 'node:path';
import type { LocalDetails } from './details';
import { inProject } from './project';

/**
 * Lines that a shell reads with `.`. Afterwards the AWS and Temporal CLIs and `rewind`, the command of this checkout, use the
 * local stack, and `put_event` puts an event on the bus.
 * @param detailsFile the JSON file with the details
 * @param temporalCli path of the Temporal CLI that `temporal` runs; when absent, the one on the user's PATH
 */
export function shellEnvironment(details: LocalDetails, detailsFile: string, temporalCli?: string): string {
  const { credentials, region, temporal } = details;
  const variables = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: details.awsEndpointUrl,
    REWIND_LOCAL_JSON: path.resolve(detailsFile),
    REWIND_CONTEXT: 'local',
    API_URL: `${details.apiUrl}/`,
    EVENT_BUS_NAME: details.eventBusName,
    LEDGER_TABLE_NAME: details.ledgerTableName,
    NAMESPACE: details.namespace,
    TASK_QUEUE: details.taskQueue,
    TEMPORAL_ADDRESS: temporal.plaintextAddress ?? temporal.address,
    TEMPORAL_NAMESPACE: details.namespace,
    ...(temporal.plaintextAddress === undefined && {
      TEMPORAL_TLS_CLIENT_CERT_PATH: temporal.clientCertPath,
      TEMPORAL_TLS_CLIENT_KEY_PATH: temporal.clientKeyPath,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: temporal.caCertPath,
      TEMPORAL_TLS_SERVER_NAME: temporal.tlsServerName,
    }),
    NEXT_CLIENT_CERT: temporal.nextClientCertPath,
    NEXT_CLIENT_KEY: temporal.nextClientKeyPath,
    SERVER_CA: temporal.caCertPath,
  };
  return [
    '# The local stack of Rewind. Read it with ". .rewind/env.sh".',
    'unset AWS_PROFILE AWS_SESSION_TOKEN',
    ...Object.entries(variables).flatMap(([name, value]) =>
      value === undefined ? [] : [`export ${name}=${quoted(value)}`],
    ),
    ...(temporalCli === undefined ? [] : [`temporal() { ${quoted(temporalCli)} "$@"; }`]),
    '# Version 1 of the AWS command line ignores the variable for SQS.',
    'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }',
    `rewind() { ${quoted(process.execPath)} ${quoted(inProject('cli/rewind.cjs'))} "$@"; }`,
    'put_event() {',
    '  aws events put-events --entries "$(node -p \'',
    '    const [Source, DetailType, Detail] = process.argv.slice(1);',
    '    JSON.stringify([{ EventBusName: process.env.EVENT_BUS_NAME, Source, DetailType, Detail }]);',
    '  \' "$@")"',
    '}',
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
