import { InterceptingCall, status } from '@grpc/grpc-js';
import type { Interceptor } from '@grpc/grpc-js';
import type { EndCall } from '../telemetry';

/** Tells of each call to Temporal, by the name of its method. */
export function toldCalls(calling: (method: string) => EndCall): Interceptor {
  return (options, nextCall) => {
    const ended = calling(options.method_definition.path.split('/').pop() ?? '');
    return new InterceptingCall(nextCall(options), {
      start(metadata, _listener, next) {
        next(metadata, {
          onReceiveStatus(received, nextStatus) {
            ended(received.code === status.OK ? undefined : status[received.code]);
            nextStatus(received);
          },
        });
      },
    });
  };
}
