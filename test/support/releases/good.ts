import { order } from './order';

export const failingOrder = (): Promise<string> => order('failing');
export const wedgingOrder = (): Promise<string> => order('wedging');
export const completingOrder = (): Promise<string> => order('completing');
export const restartableOrder = (): Promise<string> => order('failing');
