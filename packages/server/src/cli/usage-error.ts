/** The command line is wrong; the message says how to use it. */
export class UsageError extends Error {}
