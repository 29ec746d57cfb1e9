/** Link to a run in the Temporal Web UI, or none when the namespace is configured without the UI's address. */
export function webUiLink(
  webUiUrl: string | undefined,
  namespace: string,
  workflowId: string,
  runId: string,
): { webUi?: string } {
  if (webUiUrl === undefined) return {};
  const path = ['namespaces', namespace, 'workflows', workflowId, runId, 'history'].map(encodeURIComponent).join('/');
  return { webUi: `${webUiUrl.replace(/\/+$/, '')}/${path}` };
}
