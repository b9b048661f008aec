import { Textarea, TextInput } from '@mantine/core'
import { t } from '../../../texts/texts.ts'
import { PlanLimitsField } from './plan-limits-field.tsx'
import type { PlanLimit } from './plan-limits.ts'

/** What can be changed of a plan, as a form has it. */
export interface PlanValues {
  readonly title: string
  readonly description: string
  readonly limits: readonly PlanLimit[]
}

interface PlanFieldsProps {
  readonly values: PlanValues
  readonly set: (change: Partial<PlanValues>) => void
  /** Whether the first of them has the focus. */
  readonly isFocused?: boolean
}

export function PlanFields({ values, set, isFocused = false }: PlanFieldsProps) {
  const words = t.environments.plans
  return (
    <>
      <TextInput
        data-autofocus={isFocused || undefined}
        label={words.titleField}
        description={words.titleHint}
        autoComplete="off"
        value={values.title}
        onChange={({ currentTarget }) => set({ title: currentTarget.value })}
      />
      <Textarea
        label={words.description}
        autosize
        minRows={2}
        value={values.description}
        onChange={({ currentTarget }) => set({ description: currentTarget.value })}
      />
      <PlanLimitsField value={values.limits} onChange={(limits) => set({ limits })} />
    </>
  )
}
