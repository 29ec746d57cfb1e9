import { resetWorkflow } from '../../api/reset';
import { reset } from '../../operations/reset/reset';
import { changeHandler } from '../http/change-handler';
import { changeDependencies } from '../http/dependencies';

export const handler = changeHandler(changeDependencies(), resetWorkflow, reset);
