import { webUiLink } from '../../operations/web-ui';

const runId = '2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11';

test.each([
  'order-42',
  '../order',
  'a/b',
  '%2e%2e',
  '...',
  '.a',
  'a b',
  '?x=1',
  '#x',
  '\\',
  '\n',
  'é😀',
  '"><script>',
  "'",
])('links to the workflow with the id %j', (workflowId) => {
  const { webUi = '' } = webUiLink('https://ui.example/base/', 'prod.a1b2c', workflowId, runId);
  const { pathname, search, hash } = new URL(webUi);
  expect(pathname.split('/').map(decodeURIComponent)).toEqual([
    '',
    'base',
    'namespaces',
    'prod.a1b2c',
    'workflows',
    workflowId,
    runId,
    'history',
  ]);
  expect(search + hash).toBe('');
});

test.each(['.', '..'])(
  'has no link to a workflow with the id %j, because a browser would open another page',
  (workflowId) => {
    expect(webUiLink('https://ui.example', 'prod.a1b2c', workflowId, runId)).toEqual({});
  },
);
