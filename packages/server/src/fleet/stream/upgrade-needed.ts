import { Problem } from '@sallyport/core'

/** A gateway cannot get further: what comes next has a part that its release would ignore. */
export class UpgradeNeeded extends Problem {
  /** The version of the records that it needs. */
  readonly needs: number

  /** @param reads the highest version of the records that the gateway reads */
  constructor(revision: number, needs: number, reads: number) {
    super('unavailable', {
      detail: `Revision ${revision} needs version ${needs} of the records, and this gateway reads up to ${reads}. Upgrade the gateway.`,
    })
    this.needs = needs
  }
}

/** @param needs the version of the records that something is written in @throws UpgradeNeeded */
export function mustRead(revision: number, needs: number, reads: number): void {
  if (needs > reads) throw new UpgradeNeeded(revision, needs, reads)
}
