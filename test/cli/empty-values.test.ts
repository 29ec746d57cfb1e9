import { runCommand } from '../support/command-with-handlers';
import { RewindCommand } from '../support/rewind-command';

/* An option with an empty value, such as an unset variable of the shell, is an error. */

const rewind = new RewindCommand();
afterAll(() => rewind.remove());

const changed = ['--reason', 'r', '--yes'];
test.each<[words: string[], option: string]>([
  [['cancel', 'order-1', '--first-run-id', '', ...changed], '--first-run-id'],
  [['terminate', 'order-1', '--run-id=', ...changed], '--run-id'],
  [['cancel', 'order-1', '--idempotency-key', '', ...changed], '--idempotency-key'],
  [['reset', 'order-1', '--to', 'last', '--then-signal', '', ...changed], '--then-signal'],
  [['reset', 'order-1', '--to', 'last', '--terminate-run', '', ...changed], '--terminate-run'],
  [['pause', 'order-1', '--until', '', ...changed], '--until'],
  [['ls', '-q', '', '-o', 'jsonl'], '--query'],
  [['batch', 'start', 'cancel', '-q', "WorkflowType = 'x'", '--except', '', ...changed], '--except'],
])('rewind %j sends nothing', async (words, option) => {
  const respond = jest.fn();

  const { exitCode, stdout, stderr } = await runCommand(rewind, words, respond);

  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(respond).not.toHaveBeenCalled();
  expect(stderr).toContain(option);
  expect(stderr).toContain('the value is empty');
});
