/** An error response that API Gateway returns itself. */
export interface GatewayProblem {
  /** API Gateway's name of the gateway response. */
  responseType: string;
  /** Last part of the problem's type. */
  name: string;
  title: string;
  /** HTTP status. Absent if it is one of several {@link statuses}. */
  status?: number;
  /** Statuses of the response types that this default covers. Source: the API Gateway developer guide, "Gateway response types". */
  statuses?: readonly number[];
  retryAfterSeconds?: number;
}

/** The error responses of API Gateway itself. docs/problems.md explains each. */
export const gatewayProblems: readonly GatewayProblem[] = [
  {
    responseType: 'DEFAULT_4XX',
    name: 'refused-by-gateway',
    title: 'The request was rejected',
    statuses: [400, 401, 403, 404, 415, 429],
  },
  {
    responseType: 'DEFAULT_5XX',
    name: 'gateway-failure',
    title: 'Rewind did not respond',
    statuses: [500, 502, 503, 504],
  },
  { responseType: 'ACCESS_DENIED', name: 'access-denied', title: 'IAM does not allow this', status: 403 },
  {
    responseType: 'MISSING_AUTHENTICATION_TOKEN',
    name: 'unsigned-or-unknown-route',
    title: 'Not signed, or no such route',
    status: 403,
  },
  { responseType: 'INVALID_SIGNATURE', name: 'invalid-signature', title: 'The signature is not valid', status: 403 },
  {
    responseType: 'INVALID_API_KEY',
    name: 'invalid-api-key',
    title: 'The API key of a usage plan is missing or not valid',
    status: 403,
  },
  { responseType: 'EXPIRED_TOKEN', name: 'expired-credentials', title: 'The credentials have expired', status: 403 },
  {
    responseType: 'REQUEST_TOO_LARGE',
    name: 'payload-too-large',
    title: 'The request body is too large',
    status: 413,
  },
  {
    responseType: 'THROTTLED',
    name: 'throttled-by-gateway',
    title: 'Too many requests',
    status: 429,
    retryAfterSeconds: 1,
  },
  {
    responseType: 'INTEGRATION_TIMEOUT',
    name: 'gateway-timeout',
    title: 'Rewind did not respond in time',
    status: 504,
  },
];
