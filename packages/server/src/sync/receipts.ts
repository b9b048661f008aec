/** The proof that a change is in force, or of where it is not yet. */
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
  /** When it was last heard of, in ms since 1970. */
  readonly seenAtMs: number
}

/** A gateway that can say which revision it has applied. */
export interface ReceiptMember {
  readonly id: string
  /** Waits at most `waitMs` until the gateway has applied a revision, and says whether it has. */
  reached(revision: number, waitMs: number): Promise<boolean>
  seenAtMs(): number
}

/**
 * Collects the word of every gateway that it has applied a revision.
 *
 * @param waitMs how long to wait for the last of them
 */
export async function confirmRevision(
  members: readonly ReceiptMember[],
  revision: number,
  waitMs: number,
  nowMs: () => number,
): Promise<Receipt> {
  const startedAtMs = nowMs()
  const gateways = await Promise.all(
    members.map(async (member): Promise<ReceiptGateway> => {
      const confirmed = await member.reached(revision, waitMs)
      return { id: member.id, confirmed, seenAtMs: member.seenAtMs() }
    }),
  )
  return {
    revision,
    confirmed: gateways.every(({ confirmed }) => confirmed),
    gateways,
    elapsedMs: nowMs() - startedAtMs,
  }
}
