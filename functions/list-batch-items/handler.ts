import { listBatchItems as route } from '../../api/batch-operations';
import { listBatchItems } from '../../operations/batch/follow';
import type { Ledger } from '../../operations/ledger/ledger';
import { readHandler } from '../http/http-handler';
import type { HttpDependencies } from '../http/http-handler';

export const createHandler = (dependencies: HttpDependencies & { ledger: Ledger }) =>
  readHandler(dependencies, route, ({ namespace, operationId, input, deadline }) => {
    const { outcome, pageSize: size, pageToken: token } = input;
    const page = { outcome, size, token };
    return listBatchItems(dependencies.ledger, namespace.name, operationId, page, () => namespace.connect(deadline));
  });
