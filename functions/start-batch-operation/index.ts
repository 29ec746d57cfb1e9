import { EnvironmentVariable, requiredVariable } from '../../aws/environment';
import { changeDependencies } from '../http/dependencies';
import { createHandler } from './handler';

export const handler = createHandler({
  ...changeDependencies(),
  taskQueue: requiredVariable(EnvironmentVariable.taskQueue),
});
