/** The user or the role session of an ARN, as `--by` takes it. An event keeps its id, which says that it is one. */
export const nameOfActor = (id: string): string => (id.startsWith('arn:') ? (id.split('/').at(-1) ?? id) : id);
