/** The proof that a change is in force, or the list of gateways where it is not. */
export interface Receipt {
  readonly revision: number
  /** Whether every gateway has applied it. */
  readonly confirmed: boolean
  readonly gateways: readonly ReceiptGateway[]
  readonly elapsedMs: number
}

export interface ReceiptGateway {
  readonly id: string
  readonly confirmed: boolean
  /** When the gateway last reported, in ms since 1970. */
  readonly seenAtMs: number
}

/** A gateway that reports its applied revision. */
export interface ReportingGateway {
  readonly id: string
  /** Waits at most `waitMs` until the gateway has applied a revision; resolves to whether it has. */
  waitForRevision(revision: number, waitMs: number): Promise<boolean>
  seenAtMs(): number
}

/**
 * Collects a receipt for a revision from every gateway.
 *
 * @param waitMs the maximum wait for all of them
 */
export async function confirmRevision(
  reportingGateways: readonly ReportingGateway[],
  revision: number,
  waitMs: number,
  nowMs: () => number,
): Promise<Receipt> {
  const startedAtMs = nowMs()
  const gateways = await Promise.all(
    reportingGateways.map(async (gateway): Promise<ReceiptGateway> => {
      const confirmed = await gateway.waitForRevision(revision, waitMs)
      return { id: gateway.id, confirmed, seenAtMs: gateway.seenAtMs() }
    }),
  )
  return {
    revision,
    confirmed: gateways.every(({ confirmed }) => confirmed),
    gateways,
    elapsedMs: nowMs() - startedAtMs,
  }
}
