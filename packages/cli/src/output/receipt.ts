import { printLine, type Terminal } from '../terminal/terminal.ts'

/** Proof that a change is in force, as the server answers with. */
interface Receipt {
  readonly revision: number
  readonly confirmed: boolean
  readonly gateways: readonly { readonly id: string; readonly confirmed: boolean }[]
  readonly elapsedMs: number
}

/** Says where a change is in force. */
export function printReceipt({ notes }: Terminal, receipt: unknown): void {
  const { revision, confirmed, gateways, elapsedMs } = receipt as Receipt
  const count = gateways.length === 1 ? 'the gateway' : `all ${gateways.length} gateways`
  if (confirmed) {
    printLine(notes, `In force on ${count} after ${Math.round(elapsedMs)} ms (revision ${revision}).`)
    return
  }
  const waiting = gateways.filter((gateway) => !gateway.confirmed).map(({ id }) => id)
  printLine(
    notes,
    `Saved as revision ${revision}, but not confirmed by ${waiting.join(', ') || 'the gateways'} yet. ` +
      'See "sallyport gateways list" until each gateway has this revision.',
  )
}
