import path from 'node:path';

/** The checkout that this runs from. */
export const projectFolder = path.resolve(__dirname, '..');

/** Path of something in the checkout. */
export const inProject = (...parts: string[]): string => path.join(projectFolder, ...parts);
