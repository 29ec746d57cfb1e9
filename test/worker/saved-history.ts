import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as proto from '@temporalio/proto';
import { patchProtobufRoot } from '@temporalio/proto/lib/patch-protobuf-root';

type History = proto.temporal.api.history.v1.IHistory;

/**
 * The JSON reader of the protobufjs that `@temporalio/proto` uses. The SDK's own reader takes another copy, where npm
 * has installed more than one, and then refuses every type ("type must be a Type", seen with 1.24.0).
 */
const { fromJson }: { fromJson: (type: unknown, json: unknown) => History } = createRequire(
  require.resolve('@temporalio/proto'),
)('protobufjs/ext/protojson');

/** Reads a history as `temporal workflow show --output json` prints it. */
export function readHistory(file: string): History {
  const root: { lookupType(name: string): unknown } = patchProtobufRoot(proto as never);
  return fromJson(root.lookupType('temporal.api.history.v1.History'), JSON.parse(readFileSync(file, 'utf8')));
}
