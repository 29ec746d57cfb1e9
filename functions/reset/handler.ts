import { resetWorkflow } from '../../api/reset';
import { reset } from '../../operations/reset/reset';
import { changeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) => changeHandler(dependencies, resetWorkflow, reset);
