import * as api from '../../api/activities';
import { unpauseActivity } from '../../operations/activities';
import { changeHandler } from '../http/change-handler';
import { changeDependencies } from '../http/dependencies';

export const handler = changeHandler(changeDependencies(), api.unpauseActivity, unpauseActivity);
