import { oneLine } from '../terminal/safe-text.ts'
import { printLine, type Terminal } from '../terminal/terminal.ts'

/** Proof that a change is in force, as the server answers with. */
export interface Receipt {
  readonly revision: number
  readonly confirmed: boolean
  readonly gateways: readonly { readonly id: string; readonly confirmed: boolean }[]
  readonly elapsedMs: number
}

/** Says where a change is in force. */
export function printReceipt({ notes }: Terminal, receipt: Receipt): void {
  const { revision, confirmed, gateways, elapsedMs } = receipt
  if (confirmed) {
    printLine(notes, inForceText(gateways.length, elapsedMs, revision))
    return
  }
  const waiting = gateways.filter((gateway) => !gateway.confirmed).map(({ id }) => id)
  printLine(
    notes,
    oneLine(
      `Saved as revision ${revision}, but not confirmed by ${waiting.join(', ') || 'the gateways'} yet. ` +
        'See "sallyport gateways list" until each gateway has this revision, or add --wait to the next change.',
    ),
  )
}

/** What is said of a change that every gateway decides by. */
export function inForceText(count: number, elapsedMs: number, revision: number): string {
  const gateways = count === 1 ? 'the gateway' : `all ${count} gateways`
  return `In force on ${gateways} after ${Math.round(elapsedMs)} ms (revision ${revision}).`
}
