/** The responses that an anonymous caller gets on the routes of a deployment, probed after it went live. */
export interface ProbeRow {
  readonly organization: string
  readonly deployment: string
  readonly checkedAtMs: number
  readonly results: readonly ProbeResult[]
  /** Whether a route that should require a credential admits the anonymous caller. */
  readonly alarm: boolean
}

export interface ProbeResult {
  readonly method: string
  /** The route pattern. */
  readonly route: string
  /** `allow`, or the code of the denial. */
  readonly outcome: string
  /** Whether the route should require a credential but admits the anonymous caller. */
  readonly alarm: boolean
  /** The host of another deployment at which it was found, see `AnonymousProbeResult`. */
  readonly host?: string
}

export interface ProbeReader {
  get(organization: string, deployment: string): Promise<ProbeRow | undefined>
}

export interface ProbeWriter extends ProbeReader {
  /** Replaces the result of an earlier probe of the deployment. */
  save(row: ProbeRow): Promise<void>
}
