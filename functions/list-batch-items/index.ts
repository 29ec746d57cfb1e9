import { readDependencies } from '../http/dependencies';
import { createHandler } from './handler';

export const handler = createHandler(readDependencies());
