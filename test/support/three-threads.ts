/**
 * Settings of a gateway with three threads, for suites about what every thread must have before it is said: revocations, leases, removals and
 * counts. Other suites have one thread, unless the whole run has more.
 */
export const THREE_THREADS = { SALLYPORT_GATEWAY_THREADS: '3' } as const
