import { terminate } from '../../operations/terminate';
import { changeFunction } from '../http/change-function';
import type { ChangeFunctionDependencies } from '../http/change-function';
import { terminateRequest } from './request';

/** `POST …/workflows/terminate` */
export const createHandler = (dependencies: ChangeFunctionDependencies) =>
  changeFunction(dependencies, terminateRequest, terminate, (answer) => ({ status: 200, body: answer }));
