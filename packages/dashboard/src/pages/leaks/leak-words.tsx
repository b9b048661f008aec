import type { Leak } from '@sallyport/sdk'
import { Absent } from '../../parts/absent.tsx'
import { State } from '../../parts/state.tsx'
import { t } from '../../texts/texts.ts'

/** Whether the secret that was found works. */
export function SecretState({ stillLive }: Pick<Leak, 'stillLive'>) {
  const { states } = t.leaks
  if (stillLive) return <State tone="bad">{states.works}</State>
  return (
    <State tone="idle" mark="bar">
      {states.ended}
    </State>
  )
}

/** What the server did when it was found. */
export function doneWords({ live, switchedOff }: Pick<Leak, 'live' | 'switchedOff'>): string {
  const { done } = t.leaks
  if (switchedOff) return done.switchedOff
  return live ? done.leftOn : done.ended
}

/** Where a secret was found. */
export function Place({ url }: Pick<Leak, 'url'>) {
  if (url === null) return <Absent>{t.leaks.unknownPlace}</Absent>
  return <span title={url}>{url}</span>
}
