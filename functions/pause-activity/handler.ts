import * as api from '../../api/activities';
import { pauseActivity } from '../../operations/activities';
import { changeHandler } from '../http/change-handler';
import type { ChangeDependencies } from '../http/change-handler';

export const createHandler = (dependencies: ChangeDependencies) =>
  changeHandler(dependencies, api.pauseActivity, pauseActivity);
