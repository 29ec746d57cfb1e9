import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LocalDetails } from '../../local/details';

/** Reads all log lines of the deployed functions. */
export async function functionLogs({
  awsEndpointUrl: endpoint,
  region,
  credentials,
}: Pick<LocalDetails, 'awsEndpointUrl' | 'region' | 'credentials'>): Promise<string[]> {
  const client = new CloudWatchLogsClient({ endpoint, region, credentials: { ...credentials } });
  const lines: string[] = [];
  try {
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {})) {
      for (const { logGroupName } of logGroups) {
        for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
          lines.push(...events.flatMap(({ message = '' }) => message.split('\n')));
        }
      }
    }
    return lines;
  } finally {
    client.destroy();
  }
}
