import { pauseWorkflow } from '../../api/pause';
import { pause } from '../../operations/pause';
import { changeHandler } from '../http/change-handler';
import { changeDependencies } from '../http/dependencies';

export const handler = changeHandler(changeDependencies(), pauseWorkflow, pause);
