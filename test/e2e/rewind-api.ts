import { readFileSync } from 'node:fs';
import type { LocalDetails } from '../../local/details';
import { signedRequest } from '../../local/signed-request';
import type { ApiResponse } from '../../local/signed-request';

/** The local cloud that the end-to-end tests share. */
export function localDetails(): LocalDetails {
  const file = process.env['REWIND_E2E_LOCAL_JSON'];
  if (!file) throw new Error('REWIND_E2E_LOCAL_JSON names no local cloud');
  return JSON.parse(readFileSync(file, 'utf8')) as LocalDetails;
}

/** The deployed API, as a client sees it that may do everything. */
export class RewindApi {
  constructor(private readonly details: LocalDetails) {}

  describe(workflowId: string, query: Record<string, string> = {}): Promise<ApiResponse> {
    return this.get('workflows/describe', { workflowId, ...query });
  }

  resetPoints(workflowId: string, query: Record<string, string> = {}): Promise<ApiResponse> {
    return this.get('workflows/reset-points', { workflowId, ...query });
  }

  operations(workflowId: string): Promise<ApiResponse> {
    return this.get('operations', { workflowId });
  }

  get(path: string, query: Record<string, string> = {}, namespace = this.details.namespace): Promise<ApiResponse> {
    return signedRequest(this.details, { method: 'GET', path: `/namespaces/${namespace}/${path}`, query });
  }

  post(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
    namespace = this.details.namespace,
  ): Promise<ApiResponse> {
    return signedRequest(this.details, { method: 'POST', path: `/namespaces/${namespace}/${path}`, body, headers });
  }
}
