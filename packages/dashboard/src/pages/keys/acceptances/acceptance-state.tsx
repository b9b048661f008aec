import type { Acceptance } from '@sallyport/sdk'
import { State } from '../../../parts/state.tsx'
import { t } from '../../../texts/texts.ts'

type Rules = Acceptance['forbiddenBy']

/** Whether another organization may accept a key. */
export function AcceptanceState({ forbiddenBy }: { readonly forbiddenBy: Rules }) {
  const { states } = t.externalKeys.acceptances
  if (forbiddenBy.length === 0) return <State tone="ok">{states.allowed}</State>
  return (
    <State tone="idle" mark="ring">
      {states.forbidden}
    </State>
  )
}

/** The widest rule that forbids it, in words; undefined if that is the one of the key and the organization, or none. */
export function widerRule(forbiddenBy: Rules): string | undefined {
  const { rules } = t.externalKeys.acceptances
  if (forbiddenBy.includes('organization')) return rules.organization
  return forbiddenBy.includes('key') ? rules.key : undefined
}
