/** @param folder to write into */
export function buildPage(folder: string): void;
