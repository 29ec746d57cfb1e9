import { cancel } from '../../operations/cancel';
import { changeFunction } from '../http/change-function';
import type { ChangeFunctionDependencies } from '../http/change-function';
import { cancelRequest } from './request';

/** `POST …/workflows/cancel` */
export const createHandler = (dependencies: ChangeFunctionDependencies) =>
  changeFunction(dependencies, cancelRequest, cancel, (answer) => ({ status: 200, body: answer }));
