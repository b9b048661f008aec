import { Textarea, TextInput } from '@mantine/core'
import type { Consumer } from '@sallyport/sdk'
import { valueField } from '../../../parts/edits/fields.ts'
import { useEdit } from '../../../parts/edits/use-edit.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { PlanSelect } from './plan-select.tsx'
import { useUpdateConsumer } from '../mutations.ts'

interface EditConsumerProps {
  readonly organization: string
  readonly shown: Consumer
  readonly onClose: () => void
}

interface Values {
  readonly title: string
  readonly description: string
  readonly plan: string | null
}

function valuesOf(consumer: Consumer | null): Values {
  return {
    title: consumer?.title ?? '',
    description: consumer?.description ?? '',
    plan: consumer?.plan ?? null,
  }
}

/** Spaces at the ends are not kept. */
const textField = (label: string) =>
  valueField<string>(
    label,
    (text) => (text === '' ? t.parts.none : text),
    (text) => text.trim(),
  )

const FIELDS = {
  title: textField(t.consumers.form.titleField),
  description: textField(t.consumers.form.description),
  plan: valueField<string | null>(t.consumers.form.plan, (plan) => plan ?? t.consumers.form.noPlan),
}

/** Changes what people read of a consumer, and its plan. Its name stays: upstreams get it. */
export function EditConsumer({ organization, shown, onClose }: EditConsumerProps) {
  const update = useUpdateConsumer(organization)
  const edit = useEdit<Consumer, Values>({
    shown,
    valuesOf,
    fields: FIELDS,
    saving: update,
    save: ({ title, description, plan }, seen) =>
      update.mutate(
        { id: shown.id, title: title.trim() || null, description: description.trim() || null, plan, seen },
        { onSuccess: onClose },
      ),
  })
  const { form } = t.consumers
  return (
    <FormDialog
      title={form.editTitle(shown.name)}
      submit={form.save}
      isUnchanged={!edit.isChanged}
      isPending={update.isPending}
      error={update.error}
      overtaken={edit.overtaken}
      onSubmit={edit.save}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={form.titleField}
        description={form.titleHint}
        autoComplete="off"
        value={edit.values.title}
        onChange={({ currentTarget }) => edit.set({ title: currentTarget.value })}
      />
      <Textarea
        label={form.description}
        autosize
        minRows={2}
        value={edit.values.description}
        onChange={({ currentTarget }) => edit.set({ description: currentTarget.value })}
      />
      <PlanSelect
        organization={organization}
        environment={shown.environment}
        value={edit.values.plan}
        onChange={(plan) => edit.set({ plan })}
      />
    </FormDialog>
  )
}
