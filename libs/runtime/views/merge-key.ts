const MERGE = 'merge ';

/** The key under which the document of a survivor is parked that could not be made of those of its members. */
export const mergeKey = (root: string): string => `${MERGE}${root}`;

/** The survivor whose document is parked under a key, if that is what the key means. */
export const mergedRoot = (key: string): string | undefined => (key.startsWith(MERGE) ? key.slice(MERGE.length) : undefined);
