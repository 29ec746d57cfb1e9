import { startBatchOperation } from '../../api/batch-operations';
import { batch } from '../../operations/batch/start';
import { changeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  changeHandler(dependencies, startBatchOperation, batch);
