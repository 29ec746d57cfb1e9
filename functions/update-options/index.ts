import { updateWorkflowOptions } from '../../api/update-options';
import { updateOptions } from '../../operations/update-options';
import { changeHandler } from '../http/change-handler';
import { changeDependencies } from '../http/dependencies';

export const handler = changeHandler(changeDependencies(), updateWorkflowOptions, updateOptions);
