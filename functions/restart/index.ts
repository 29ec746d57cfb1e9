import { restartWorkflow } from '../../api/restart';
import { restart } from '../../operations/restart';
import { changeHandler } from '../http/change-handler';
import { changeDependencies } from '../http/dependencies';

export const handler = changeHandler(changeDependencies(), restartWorkflow, restart);
