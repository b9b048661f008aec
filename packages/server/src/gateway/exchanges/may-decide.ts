/**
 * Whether the gateway may decide on its snapshot now, for an environment: always while its lease is in force; else if the
 * environment has `whenStale: serve` and the lease leaves that to environments. Each question reads the clock, because the
 * process may have been paused just before.
 *
 * Both names are undefined where a request addresses no environment of the snapshot.
 */
export type MayDecide = (organization: string | undefined, environment: string | undefined) => boolean
