/** Throw it in a handler for an event that will never be handled as it is: it is put aside at once, without retries. */
export class Rejected extends Error {}

/** What an event needs cannot be reached just now: tried again for as long as it takes, never put aside. */
export class Unavailable extends Error {}

/** The source refuses this consumer: its token, its topic or its position. Somebody has to decide. */
export class SourceRefused extends Error {}
