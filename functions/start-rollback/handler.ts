import { startRollback } from '../../api/rollbacks';
import { rollbackBatch } from '../../operations/batch/rollback';
import { batch, previewBatch } from '../../operations/batch/start';
import { executeOperation } from '../../operations/execute-operation';
import { requestMetadata, toResponse } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';
import { httpHandler } from '../http/http-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  httpHandler(dependencies, startRollback, async (http) => {
    const { dryRun, ...input } = http.input;
    const client = await http.namespace.connect(http.deadline);
    const request = await rollbackBatch(client, input);
    if (dryRun) return { status: 200, body: await previewBatch(client, request, http.namespace.webUiUrl) };
    return toResponse(
      startRollback,
      await executeOperation(dependencies, client, batch, { ...requestMetadata(http), request }),
    );
  });
