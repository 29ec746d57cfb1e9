import { createHash } from 'node:crypto';
import { OperationFailure } from '../../api/failures';

/** Where a listing of reset points goes on, and what it has learned that it will need there. */
export interface Position {
  runId: string;
  /** Only events older than this one are still to be looked at. */
  before: number;
  /** The server's token for the page that the next event is on; absent for its first page. */
  page?: Uint8Array;
  /** How activities and others ended whose beginning has not been reached yet, by the id of that event. */
  outcomes: [eventId: number, words: string][];
}

interface Token {
  w: string;
  r: string;
  b: number;
  p?: string;
  o: [number, string][];
}

/** As the server writes run ids; it refuses a call with anything else. */
const runIdForm = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

export function writePageToken(workflowId: string, { runId, before, page, outcomes }: Position): string {
  const token: Token = {
    w: sha256(workflowId),
    r: runId,
    b: before,
    ...(page && { p: Buffer.from(page).toString('base64url') }),
    o: outcomes,
  };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** @throws {OperationFailure} `invalid-request` for a token of another workflow or run, or of nobody's */
export function readPageToken(token: string, { workflowId, runId }: { workflowId: string; runId?: string }): Position {
  const read = parsed(token);
  if (read?.w === sha256(workflowId) && (runId === undefined || runId === read.r)) {
    const page = read.p === undefined ? {} : { page: Buffer.from(read.p, 'base64url') };
    return { runId: read.r, before: read.b, ...page, outcomes: read.o };
  }
  throw invalidPageToken(token);
}

export function invalidPageToken(token: string): OperationFailure {
  return new OperationFailure('invalid-request', 'pageToken is not one that this list gave out.', {
    field: 'pageToken',
    value: token,
    allowed: 'the nextPageToken of the page before, with the same workflowId and runId',
  });
}

function parsed(token: string): Token | undefined {
  try {
    const read = JSON.parse(Buffer.from(token, 'base64url').toString()) as Partial<Token> | null;
    return typeof read?.w === 'string' &&
      typeof read.r === 'string' &&
      runIdForm.test(read.r) &&
      Number.isSafeInteger(read.b) &&
      (read.p === undefined || (typeof read.p === 'string' && read.p !== '')) &&
      Array.isArray(read.o) &&
      read.o.every((entry) => Array.isArray(entry) && typeof entry[0] === 'number' && typeof entry[1] === 'string')
      ? (read as Token)
      : undefined;
  } catch {
    return undefined;
  }
}
