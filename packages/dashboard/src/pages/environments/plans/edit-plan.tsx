import type { Plan } from '@sallyport/sdk'
import { type EditFields, valueField } from '../../../parts/edits/fields.ts'
import { useEdit } from '../../../parts/edits/use-edit.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { areComplete } from '../../keys/fields/limits.ts'
import { useUpdatePlan } from './mutations.ts'
import { PlanFields, type PlanValues } from './plan-fields.tsx'
import { limitsInWords, planLimitsInput, planLimitsOf } from './plan-limits.ts'

interface EditPlanProps {
  readonly organization: string
  /** With its ETag. */
  readonly shown: Plan
  readonly onClose: () => void
}

function valuesOf(plan: Plan | null): PlanValues {
  return {
    title: plan?.title ?? '',
    description: plan?.description ?? '',
    limits: plan === null ? [] : planLimitsOf(plan),
  }
}

/** Spaces at the ends are not kept. */
const textField = (label: string) =>
  valueField<string>(
    label,
    (text) => (text === '' ? t.parts.none : text),
    (text) => text.trim(),
  )

const { plans: words } = t.environments

const FIELDS: EditFields<PlanValues> = {
  title: textField(words.titleField),
  description: textField(words.description),
  limits: valueField(words.limits, limitsInWords, planLimitsInput),
}

/** Changes a plan for all consumers that have it. Its name stays. */
export function EditPlan({ organization, shown, onClose }: EditPlanProps) {
  const update = useUpdatePlan(organization)
  const edit = useEdit<Plan, PlanValues>({
    shown,
    valuesOf,
    fields: FIELDS,
    saving: update,
    save: ({ title, description, limits }, seen) =>
      update.mutate(
        {
          environment: shown.environment,
          name: shown.name,
          title: title.trim() || null,
          description: description.trim() || null,
          rateLimits: planLimitsInput(limits),
          seen,
        },
        { onSuccess: onClose },
      ),
  })
  return (
    <FormDialog
      title={words.changeTitle(shown.name)}
      submit={words.save}
      effect={words.changeEffect}
      missing={[!areComplete(edit.values.limits) && words.limits]}
      isUnchanged={!edit.isChanged}
      isPending={update.isPending}
      error={update.error}
      overtaken={edit.overtaken}
      onSubmit={edit.save}
      onClose={onClose}
    >
      <PlanFields isFocused values={edit.values} set={edit.set} />
    </FormDialog>
  )
}
