import { suspendBatchOperation } from '../../api/batch-operations';
import { changeSuspension } from '../../operations/batch/suspend';
import { batchChangeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  batchChangeHandler(dependencies, suspendBatchOperation, (...change) => changeSuspension('suspend', ...change));
