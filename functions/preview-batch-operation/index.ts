import { temporalDependencies } from '../http/dependencies';
import { createHandler } from './handler';

export const handler = createHandler(temporalDependencies());
