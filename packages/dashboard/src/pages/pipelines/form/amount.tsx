import { State } from '../../../parts/state.tsx'
import { t } from '../../../texts/texts.ts'

interface AmountProps {
  readonly value: unknown
  readonly faults: number
}

/** How much a closed part has, or how much is wrong in it. */
export function Amount({ value, faults }: AmountProps) {
  const { groups } = t.specForm
  if (faults > 0) return <State tone="bad">{t.pipeline.spec.problems(faults)}</State>
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return groups.entries(value.length)
  const amount = typeof value === 'object' ? Object.keys(value).length : 0
  return amount === 0 ? groups.on : groups.fields(amount)
}
