import { pauseWorkflow } from '../../api/pause';
import { pause } from '../../operations/pause';
import { changeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) => changeHandler(dependencies, pauseWorkflow, pause);
