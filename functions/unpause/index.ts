import { unpauseWorkflow } from '../../api/pause';
import { unpause } from '../../operations/pause';
import { changeHandler } from '../http/change-handler';
import { changeDependencies } from '../http/dependencies';

export const handler = changeHandler(changeDependencies(), unpauseWorkflow, unpause);
