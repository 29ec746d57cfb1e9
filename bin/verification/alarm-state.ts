import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { rewindMetrics } from '../../aws/metrics';
import { signed } from '../../client/sign';

/**
 * Returns the state of the alarm on a metric whose only dimension is `stack`. It signs a single HTTP request itself, to avoid
 * a dependency on the CloudWatch client.
 */
export async function alarmState(region: string, stack: string, metric: string): Promise<string> {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const request = new Request(process.env['AWS_ENDPOINT_URL'] ?? `https://monitoring.${region}.${suffix}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'GraniteServiceVersion20100801.DescribeAlarmsForMetric',
    },
    body: JSON.stringify({
      Namespace: rewindMetrics.namespace,
      MetricName: metric,
      Dimensions: [{ Name: 'stack', Value: stack }],
    }),
  });
  const response = await fetch(
    await signed(request, { region, credentials: defaultProvider(), service: 'monitoring' }),
  );
  if (!response.ok) throw new Error(`CloudWatch responds ${response.status}: ${await response.text()}`);
  const { MetricAlarms: [alarm] = [] } = (await response.json()) as { MetricAlarms?: { StateValue: string }[] };
  if (!alarm) throw new Error(`stack ${stack} has no alarm on ${metric}`);
  return alarm.StateValue;
}
