import type { LocalCloud } from './cloud';

/** Commands for a person to paste into a shell: start a workflow, then look at it, cancel it and reset it. */
export function commandsToTry({ details, temporalCli = 'temporal' }: LocalCloud): string {
  const { apiUrl, credentials, namespace, region, taskQueue, temporal } = details;
  const connection =
    temporal.plaintextAddress === undefined
      ? [
          `--address ${temporal.address} --tls-cert-path ${temporal.clientCertPath} --tls-key-path ${temporal.clientKeyPath}`,
          ...(temporal.caCertPath === undefined ? [] : [`--tls-ca-path ${temporal.caCertPath}`]),
          ...(temporal.tlsServerName === undefined ? [] : [`--tls-server-name ${temporal.tlsServerName}`]),
        ].join(' ')
      : `--address ${temporal.plaintextAddress}`;
  return `
# once, for this shell
W=${apiUrl}/namespaces/${namespace}/workflows
rewind() { curl -sS --aws-sigv4 aws:amz:${region}:execute-api --user ${credentials.accessKeyId}:${credentials.secretAccessKey} "$@"; echo; }

# an order that takes an hour to pack
${temporalCli} workflow start ${connection} --namespace ${namespace} \\
  --task-queue ${taskQueue} --type cancellableOrder --workflow-id my-order --input '{"orderId":"my-order"}'

rewind "$W/describe?workflowId=my-order"
rewind $W/cancel --json '{"workflowId":"my-order","reason":"changed my mind"}'
rewind "$W/reset-points?workflowId=my-order"
rewind $W/reset --json '{"workflowId":"my-order","target":{"eventId":4},"reason":"changed it again"}'`.trim();
}
