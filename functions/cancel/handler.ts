import { cancelWorkflow } from '../../api/cancel';
import { cancel } from '../../operations/cancel';
import { changeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) => changeHandler(dependencies, cancelWorkflow, cancel);
