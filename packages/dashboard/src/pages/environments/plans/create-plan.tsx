import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { areComplete } from '../../keys/fields/limits.ts'
import { useCreatePlan } from './mutations.ts'
import { PlanFields, type PlanValues } from './plan-fields.tsx'
import { planLimitsInput } from './plan-limits.ts'

interface CreatePlanProps {
  readonly organization: string
  readonly environment: string
  readonly onClose: () => void
}

const FIRST: PlanValues = {
  title: '',
  description: '',
  limits: [{ id: 0, requests: '', per: 'month', scope: 'environment' }],
}

/** Creates a plan that consumers can have. */
export function CreatePlan({ organization, environment, onClose }: CreatePlanProps) {
  const create = useCreatePlan(organization)
  const [name, setName] = useState('')
  const [values, setValues] = useState(FIRST)
  const words = t.environments.plans
  const { title, description, limits } = values
  return (
    <FormDialog
      title={words.addTitle(environment)}
      submit={words.submit}
      effect={words.effect}
      missing={[name.trim() === '' && words.name, !areComplete(limits) && words.limits]}
      isPending={create.isPending}
      error={create.error}
      onSubmit={() =>
        create.mutate(
          {
            environment,
            name: name.trim(),
            title: title.trim() || null,
            description: description.trim() || null,
            rateLimits: planLimitsInput(limits),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={words.name}
        description={words.nameHint}
        autoComplete="off"
        spellCheck={false}
        required
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <PlanFields values={values} set={(change) => setValues((now) => ({ ...now, ...change }))} />
    </FormDialog>
  )
}
