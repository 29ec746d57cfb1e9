import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { checks } from '../../bin/verification/checks';
import { rewindMetrics } from '../../aws/metrics';
import { signed } from '../../client/sign';
import { functionLogs } from '../support/function-logs';
import { metricsIn } from '../support/written-metrics';
import { localDetails } from '../support/rewind-api';
import { shell } from '../support/shell';

/* `npm run verify-deployment`, on the local stack. */

const details = localDetails();
const root = path.resolve(__dirname, '../..');

function verify(options: string[]): Promise<string> {
  const { namespace, temporal, secretArns, apiUrl } = details;
  const connection = ['--address', temporal.address, '--secret-arn', secretArns[namespace] ?? ''];
  const serverName = temporal.tlsServerName === undefined ? [] : ['--tls-server-name', temporal.tlsServerName];
  const args = [
    '--stack',
    'RewindControl',
    '--namespace',
    namespace,
    '--api-url',
    apiUrl,
    ...connection,
    ...serverName,
  ];
  return shell(
    `cd ${root}\nnpm run -s verify-deployment -- ${[...args, ...options].map((arg) => `'${arg}'`).join(' ')}`,
  );
}

/** Makes metrics of the functions' log lines until it is stopped, as CloudWatch does and MiniStack does not. */
function metricsOfLogLines(): { stop: () => Promise<void> } {
  const stopped = new AbortController();
  const since = Date.now();
  const published = new Set<string>();
  const publish = async () => {
    for (const metrics of metricsIn((await functionLogs(details)).join('\n'))) {
      const key = JSON.stringify(metrics);
      const values = metrics.values[rewindMetrics.eventsRejected];
      if (!values || metrics.at < since || published.has(key)) continue;
      published.add(key);
      const Dimensions = Object.entries(metrics.dimensions).map(([Name, Value]) => ({ Name, Value }));
      await putMetricData(metrics.namespace, [
        { MetricName: rewindMetrics.eventsRejected, Dimensions, Values: values },
      ]);
    }
  };
  const ended = (async () => {
    while (!stopped.signal.aborted) {
      await publish();
      await wait(1_000);
    }
  })();
  return {
    stop: () => {
      stopped.abort();
      return ended;
    },
  };
}

async function putMetricData(namespace: string, data: object[]): Promise<void> {
  const { awsEndpointUrl, region, credentials } = details;
  const request = new Request(awsEndpointUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData',
    },
    body: JSON.stringify({ Namespace: namespace, MetricData: data }),
  });
  const response = await fetch(await signed(request, { region, credentials, service: 'monitoring' }));
  if (!response.ok) throw new Error(await response.text());
}

test('every check passes, including events and the worker', async () => {
  const cloudWatch = metricsOfLogLines();
  try {
    const lines = (await verify(['--worker', '--event-source', details.eventSource])).trim().split('\n');

    expect(lines.filter((line) => !line.startsWith('passed'))).toEqual([]);
    expect(lines).toHaveLength(checks.length);
  } finally {
    await cloudWatch.stop();
  }
  // The checks of events and of the alarm have limits of their own, of minutes.
}, 300_000);

test('skips the checks whose option is missing, and reports that', async () => {
  const lines = (await verify([])).trim().split('\n');

  const skipped = lines.filter((line) => !line.startsWith('passed'));
  expect(skipped).toEqual([
    'skipped  the worker executes a batch operation: needs --worker',
    'skipped  an event cancels a workflow: needs --event-source',
    'skipped  an event that cannot be processed is listed, and redriven: needs --event-source',
    'skipped  the alarm of rejected events starts: needs --event-source',
  ]);
});

test('a failed check fails the verification and reports the observed value', async () => {
  const failed = verify(['--api-url', `${details.apiUrl}/elsewhere`]).catch(
    (error: { stdout: string }) => error.stdout,
  );

  await expect(failed).resolves.toMatch(/^failed {3}a workflow is described.*: described as .*$/m);
});
