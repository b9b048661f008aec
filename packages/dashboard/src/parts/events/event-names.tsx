import { t } from '../../texts/texts.ts'
import type { EventType } from './event-groups.ts'

/** Types of events in words. The tooltip has their codes, as programs receive them. */
export function EventNames({ types }: { readonly types: readonly EventType[] }) {
  const codes = types.map((type) => t.events.withCode(type)).join(', ')
  return <span title={codes}>{types.map((type) => t.events.words[type]).join(', ')}</span>
}
