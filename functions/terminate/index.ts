import { terminateWorkflow } from '../../api/terminate';
import { terminate } from '../../operations/terminate';
import { changeHandler } from '../http/change-handler';
import { changeDependencies } from '../http/dependencies';

export const handler = changeHandler(changeDependencies(), terminateWorkflow, terminate);
