import type { components } from '../../client/openapi';

/* Short names of the API's schemas. */
type Schemas = components['schemas'];
export type Workflow = Schemas['Workflow'];
export type ListedWorkflow = Schemas['ListedWorkflow'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type ResetPreview = Schemas['ResetPreview'];
export type Operation = Schemas['Operation'];
export type BatchOperation = Schemas['BatchOperation'];
export type RejectedEvent = Schemas['RejectedEvent'];
export type RedrivePreview = Schemas['RedrivePreview'];
export type BatchRequest = Schemas['StartBatchOperationRequest'];

/** The API and the namespace that the console uses, from its server. */
export interface Place {
  context: string;
  account?: string;
  region: string;
  apiUrl: string;
  /** The namespace of the context. Addresses can name another. */
  namespace: string;
  /** Identifies all of these, for the console's server. */
  placeId: string;
  /** Arguments of `rewind` that choose the same context and namespace. */
  placeFlags: string[];
  readOnly: boolean;
}
