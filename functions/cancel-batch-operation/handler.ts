import { cancelBatchOperation } from '../../api/batch-operations';
import { cancelBatch } from '../../operations/batch/follow';
import { batchChangeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  batchChangeHandler(dependencies, cancelBatchOperation, cancelBatch);
