/** How the routes of a deployment responded to an anonymous caller just after it went live. */
export interface ProbeRow {
  readonly organization: string
  readonly deployment: string
  readonly checkedAtMs: number
  readonly results: readonly ProbeResult[]
  /** Whether a route that should ask for something does not. */
  readonly alarm: boolean
}

export interface ProbeResult {
  readonly method: string
  /** The route pattern. */
  readonly route: string
  /** `allow`, or the code of the refusal. */
  readonly outcome: string
  /** Whether the route should have asked for something and did not. */
  readonly alarm: boolean
}

export interface ProbeReader {
  get(organization: string, deployment: string): Promise<ProbeRow | undefined>
}

export interface ProbeWriter extends ProbeReader {
  /** Replaces what an earlier probe of the deployment found. */
  save(row: ProbeRow): Promise<void>
}
