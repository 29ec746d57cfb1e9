import { restartWorkflow } from '../../api/restart';
import { restart } from '../../operations/restart';
import { changeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  changeHandler(dependencies, restartWorkflow, restart);
