import { createServer } from 'node:http';
import { once } from 'node:events';
import { ecsTaskProtection, TaskProtection } from '../../worker/task-protection';
import { RecordedLog } from '../support/recorded-log';

describe('a task', () => {
  const requests: unknown[] = [];
  const log = new RecordedLog();
  let protection: TaskProtection;
  beforeEach(() => {
    jest.useFakeTimers();
    requests.length = 0;
    protection = new TaskProtection(async (state) => void requests.push(state), log);
  });
  afterEach(() => {
    protection.stop();
    jest.useRealTimers();
  });
  const on = { ProtectionEnabled: true, ExpiresInMinutes: 10 };
  const off = { ProtectionEnabled: false };

  test('is protected from its first activity until half a minute after its last', () => {
    protection.onRunningActivities(0);
    expect(requests).toEqual([]);
    protection.onRunningActivities(1);
    protection.onRunningActivities(2);
    protection.onRunningActivities(0);
    jest.advanceTimersByTime(29_000);
    expect(requests).toEqual([on]);
    jest.advanceTimersByTime(1_000);
    expect(requests).toEqual([on, off]);
  });

  test('stays protected through a burst of short activities', () => {
    for (let burst = 0; burst < 5; burst++) {
      protection.onRunningActivities(1);
      protection.onRunningActivities(0);
      jest.advanceTimersByTime(20_000);
    }
    expect(requests).toEqual([on]);
  });

  test('renews its protection before it expires, while the activity runs', () => {
    protection.onRunningActivities(1);
    jest.advanceTimersByTime(16 * 60_000);
    expect(requests).toEqual([on, on, on, on]);
  });

  test('is protected for at most an hour without a pause, because a deployment waits for it', () => {
    protection.onRunningActivities(1);
    jest.advanceTimersByTime(50 * 60_000);
    // The last of them expires after an hour.
    expect(requests).toEqual(Array.from({ length: 11 }, () => on));
    jest.advanceTimersByTime(180 * 60_000);
    protection.onRunningActivities(2);
    expect(requests).toHaveLength(11);

    protection.onRunningActivities(0);
    jest.advanceTimersByTime(30_000);
    protection.onRunningActivities(1);
    expect(requests.slice(11)).toEqual([off, on]);
  });

  test('that ECS refuses to protect logs a warning and continues', async () => {
    protection = new TaskProtection(() => Promise.reject(new Error('AccessDenied')), log);
    protection.onRunningActivities(1);
    await Promise.resolve();
    await Promise.resolve();
    expect(log.texts).toEqual([expect.stringContaining('AccessDenied')]);
  });
});

test('sends the documented request to the ECS agent, and treats a failure in a 200 response as a failure', async () => {
  const requests: unknown[] = [];
  let answer = '{"protection":{"ProtectionEnabled":true}}';
  const agent = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      requests.push({ method: request.method, url: request.url, body: JSON.parse(body) });
      response.end(answer);
    });
  }).listen(0);
  await once(agent, 'listening');
  const address = agent.address();
  const setProtection = ecsTaskProtection(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);

  await setProtection({ ProtectionEnabled: true, ExpiresInMinutes: 10 });
  answer = '{"failure":{"Reason":"DEPLOYMENT_BLOCKED"}}';
  await expect(setProtection({ ProtectionEnabled: true, ExpiresInMinutes: 10 })).rejects.toThrow(/DEPLOYMENT_BLOCKED/);

  expect(requests[0]).toEqual({
    method: 'PUT',
    url: '/task-protection/v1/state',
    body: { ProtectionEnabled: true, ExpiresInMinutes: 10 },
  });
  agent.close();
});
