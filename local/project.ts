import path from 'node:path';

/** The checkout with this code. */
export const projectFolder = path.resolve(__dirname, '..');

/** Path of a file or folder in the checkout. */
export const inProject = (...parts: string[]): string => path.join(projectFolder, ...parts);
