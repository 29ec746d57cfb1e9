import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { rewindMetrics } from '../../aws/metrics';
import { signed } from '../../client/sign';

/**
 * The state of a stack's alarm on a metric with the dimension `stack`. One request, signed as those of the API: CloudWatch's client would
 * be a package more.
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
