import { Select } from '@mantine/core'
import { t } from '../../../texts/texts.ts'
import { LimitsField } from '../../keys/fields/limits-field.tsx'
import { type PlanLimit, SCOPES } from './plan-limits.ts'

interface PlanLimitsFieldProps {
  readonly value: readonly PlanLimit[]
  readonly onChange: (value: readonly PlanLimit[]) => void
}

/** The rate limits of a plan, one in each row, with what each of them counts. */
export function PlanLimitsField({ value, onChange }: PlanLimitsFieldProps) {
  const { limitsHint, scopeOf, scopes } = t.environments.plans
  return (
    <LimitsField<PlanLimit>
      hint={limitsHint}
      value={value}
      added={{ requests: '', per: 'month', scope: 'environment' }}
      onChange={onChange}
      more={(limit, row, set) => (
        <Select
          aria-label={scopeOf(row)}
          data={SCOPES.map((each) => ({ value: each, label: scopes[each] }))}
          value={limit.scope}
          allowDeselect={false}
          onChange={(chosen) => set({ scope: chosen ?? limit.scope })}
        />
      )}
    />
  )
}
