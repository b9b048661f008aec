import { setTimeout } from 'node:timers/promises'
import { inForceText, type Receipt } from '../output/receipt.ts'
import { Progress } from '../terminal/progress.ts'
import { printLine, type Terminal } from '../terminal/terminal.ts'

const POLL_MS = 250
const SECOND_MS = 1000

/** What `listGateways` says of a gateway. */
export interface GatewayState {
  readonly id: string
  readonly name: string | null
  readonly revision: number
  readonly stale: boolean
  readonly attached: boolean
}

/** A change was saved, but not every gateway has it in time. */
class NotInForceError extends Error {}

/**
 * Shows how a change reaches the gateways, until all have it.
 *
 * @param readGateways what the gateways say now
 * @throws NotInForceError if a gateway does not have it after so many seconds
 */
export async function followReceipt(
  terminal: Terminal,
  readGateways: () => Promise<readonly GatewayState[]>,
  receipt: Receipt,
  secondsMax: number,
): Promise<void> {
  const startedAtMs = performance.now()
  const progress = new Progress(terminal)
  let { isInForce, count, waiting } = receiptState(receipt)
  while (!isInForce) {
    progress.show(
      `Revision ${receipt.revision}: in force on ${count - waiting.length} of ${count} gateways; ${waitingText(waiting)}`,
    )
    const restMs = startedAtMs + secondsMax * SECOND_MS - performance.now()
    if (restMs <= 0) {
      progress.end()
      throw new NotInForceError(
        `Saved as revision ${receipt.revision}, but not in force everywhere after ${secondsMax} s: ${waitingText(waiting)}.`,
      )
    }
    await setTimeout(Math.min(POLL_MS, restMs))
    ;({ isInForce, count, waiting } = gatewaysState(await readGateways(), receipt))
  }
  progress.end()
  printLine(
    terminal.notes,
    inForceText(count, receipt.elapsedMs + performance.now() - startedAtMs, receipt.revision),
  )
}

interface State {
  readonly isInForce: boolean
  readonly count: number
  /** The gateways that may decide by the old state. */
  readonly waiting: readonly string[]
}

function receiptState({ confirmed, gateways }: Receipt): State {
  const waiting = gateways.filter((gateway) => !gateway.confirmed).map(({ id }) => id)
  return { isInForce: confirmed, count: gateways.length, waiting }
}

function gatewaysState(gateways: readonly GatewayState[], receipt: Receipt): State {
  const confirmed = new Set(receipt.gateways.filter((gateway) => gateway.confirmed).map(({ id }) => id))
  // One that was never attached decides nothing.
  const deciding = gateways.filter(({ attached }) => attached)
  const waiting = deciding
    .filter(({ id, revision, stale }) => !confirmed.has(id) && (stale || revision < receipt.revision))
    .map(({ id, name }) => name ?? id)
  return { isInForce: waiting.length === 0, count: deciding.length, waiting }
}

function waitingText(waiting: readonly string[]): string {
  return `waiting for ${waiting.join(', ') || 'gateways that could not be asked'}`
}
