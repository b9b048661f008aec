import type { Plan } from '@sallyport/sdk'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { useRemovePlan } from './mutations.ts'

interface RemovePlanProps {
  readonly organization: string
  /** With its ETag. */
  readonly plan: Plan
  readonly onClose: () => void
}

/** Asks before a plan is removed. */
export function RemovePlan({ organization, plan, onClose }: RemovePlanProps) {
  const remove = useRemovePlan(organization)
  const seen = useSeen(plan, remove.error)
  const { removeTitle, removeText, removeSubmit, removed } = t.environments.plans
  const { environment, name } = plan
  return (
    <Removal
      title={removeTitle(name)}
      submit={removeSubmit}
      done={removed(name)}
      removing={remove}
      onSubmit={() => remove.mutate({ environment, name, seen })}
      onClose={onClose}
    >
      <p>{removeText}</p>
    </Removal>
  )
}
