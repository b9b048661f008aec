import type { HandOver } from '@sallyport/sdk'
import { t } from '../texts/texts.ts'
import { type Look, State } from './state.tsx'
import { When } from './when.tsx'

const LOOKS: Readonly<Record<HandOver['state'], Look>> = {
  pending: { tone: 'info', mark: 'half' },
  opened: { tone: 'ok', mark: 'full' },
  expired: { tone: 'idle', mark: 'ring' },
  withdrawn: { tone: 'idle', mark: 'ring' },
}

/** Whether a hand-over link was opened, when, and from where. */
export function HandOverState({ handOver }: { readonly handOver: HandOver }) {
  const { state, endedAt, address } = handOver
  return (
    <State {...LOOKS[state]}>
      {t.handOver.states[state]} {endedAt !== null && <When at={endedAt} />}
      {state === 'opened' && address !== null && ` ${t.handOver.from(address)}`}
    </State>
  )
}
