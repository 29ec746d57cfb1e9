/** Returns the link to a run in the Temporal Web UI; none without a configured `webUiUrl`. */
export function webUiLink(
  webUiUrl: string | undefined,
  namespace: string,
  workflowId: string,
  runId: string,
): { webUi?: string } {
  return link(webUiUrl, 'namespaces', namespace, 'workflows', workflowId, runId, 'history');
}

/** Returns the link to a job of Temporal's own batch engine in the Web UI; none without a configured `webUiUrl`. */
export function batchJobLink(webUiUrl: string | undefined, namespace: string, jobId: string): { webUi?: string } {
  return link(webUiUrl, 'namespaces', namespace, 'batch-operations', jobId);
}

/** Browsers resolve these, encoded or not: the link would lead elsewhere. */
const isDots = (part: string) => part === '.' || part === '..';

function link(webUiUrl: string | undefined, ...path: string[]): { webUi?: string } {
  if (webUiUrl === undefined || path.some(isDots)) return {};
  return { webUi: `${webUiUrl.replace(/\/+$/, '')}/${path.map(encodeURIComponent).join('/')}` };
}
