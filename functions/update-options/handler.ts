import { updateWorkflowOptions } from '../../api/update-options';
import { updateOptions } from '../../operations/update-options';
import { changeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  changeHandler(dependencies, updateWorkflowOptions, updateOptions);
