/** An access token for upstreams. It must not be logged. */
export interface UpstreamToken {
  readonly value: string
  /** Notes that an upstream has refused the token (401), so that it is not used for long. */
  refused(): void
}
