import { startBatchOperation } from '../../api/batch-operations';
import { batch } from '../../operations/batch/start';
import { changeHandler } from '../http/change-handler';
import { changeDependencies } from '../http/dependencies';

export const handler = changeHandler(changeDependencies(), startBatchOperation, batch);
