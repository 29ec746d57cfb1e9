import { unpauseWorkflow } from '../../api/pause';
import { unpause } from '../../operations/pause';
import { changeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  changeHandler(dependencies, unpauseWorkflow, unpause);
