/** Address and secret of a namespace, from the deployment's configuration. Contains no secret values. */
export interface NamespaceConnection {
  /** `host:port` of the Temporal frontend, e.g. `prod.a1b2c.tmprl.cloud:7233`. */
  address: string;
  /** ARN of the Secrets Manager secret with the namespace's credentials. */
  secretArn: string;
  /** Server name for SNI and certificate verification, where it differs from the address's host (regional endpoints). */
  tlsServerName?: string;
  /** Base URL of the Temporal Web UI, for links in responses. */
  webUiUrl?: string;
}
