import { cancelWorkflow } from '../../operations/cancel';
import { changeFunction } from '../http/change-function';
import type { ChangeFunctionDependencies } from '../http/change-function';
import { cancelRequest } from './request';

/** What looking at the workflow and answering take after a wait, in seconds. */
const AFTER_WAITING_SECONDS = 3;

/** `POST …/workflows/cancel` */
export const createHandler = (dependencies: ChangeFunctionDependencies) =>
  changeFunction(dependencies, cancelRequest, {
    verb: 'cancel',
    perform: (client, operation, until) => {
      const longest = Math.max(0, (until - Date.now()) / 1000 - AFTER_WAITING_SECONDS);
      return cancelWorkflow(dependencies, client, operation, Math.min(operation.request.waitSeconds ?? 0, longest));
    },
    respond: (answer) => ({ status: 200, body: answer }),
  });
