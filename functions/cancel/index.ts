import { cancelWorkflow } from '../../api/cancel';
import { cancel } from '../../operations/cancel';
import { changeHandler } from '../http/change-handler';
import { changeDependencies } from '../http/dependencies';

export const handler = changeHandler(changeDependencies(), cancelWorkflow, cancel);
