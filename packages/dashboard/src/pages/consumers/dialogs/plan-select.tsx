import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { plansQuery } from '../../../data/plans.ts'
import { t } from '../../../texts/texts.ts'

interface PlanSelectProps {
  readonly organization: string
  readonly environment: string
  /** The name of a plan; null for none. */
  readonly value: string | null
  readonly onChange: (value: string | null) => void
}

/** Chooses one of the plans of an environment, or none. Nothing is shown where there are no plans. */
export function PlanSelect({ organization, environment, value, onChange }: PlanSelectProps) {
  const { data: plans = [] } = useQuery(plansQuery(organization, environment))
  const { form } = t.consumers
  if (plans.length === 0) return null
  return (
    <Select
      label={form.plan}
      description={form.planHint}
      placeholder={form.noPlan}
      data={plans.map(({ name, title }) => ({
        value: name,
        label: title === null ? name : `${name} · ${title}`,
      }))}
      value={value}
      clearable
      onChange={onChange}
    />
  )
}
