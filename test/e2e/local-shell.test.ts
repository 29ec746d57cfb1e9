import { shell } from '../support/shell';

/* The function `rewind` of `.rewind/env.sh`. */

test('prints the response, and succeeds', async () => {
  const printed = await shell("rewind 'operations?workflowId=nothing'");
  expect(JSON.parse(printed)).toMatchObject({ operations: [] });
});

test('prints the problem, and fails', async () => {
  const failed = { code: 22, stdout: expect.stringContaining('urn:rewind:problem:workflow-not-found') };
  await expect(shell("rewind 'workflows/describe?workflowId=nothing'")).rejects.toMatchObject(failed);
});

test('fails without a response too', async () => {
  await expect(shell('API_URL=http://127.0.0.1:1/; rewind operations')).rejects.toMatchObject({ code: 7 });
});
