import { terminateWorkflow } from '../../api/terminate';
import { terminate } from '../../operations/terminate';
import { changeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  changeHandler(dependencies, terminateWorkflow, terminate);
