/** Whether a text has the form of an operation id: docs/architecture.md, "Operation ids from keys". */
export const isOperationId = (text: string): boolean => /^op-[0-9a-f]{32}$/.test(text);
