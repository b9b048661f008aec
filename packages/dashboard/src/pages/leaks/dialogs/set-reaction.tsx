import { Radio } from '@mantine/core'
import type { Organization } from '@sallyport/sdk'
import { valueField } from '../../../parts/edits/fields.ts'
import { useEdit } from '../../../parts/edits/use-edit.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { type Reaction, useSetReaction } from '../mutations.ts'

interface SetReactionProps {
  readonly organization: string
  readonly shown: Organization
  readonly onClose: () => void
}

const REACTIONS: readonly Reaction['onLeak'][] = ['notify', 'switch-off']

function valuesOf(organization: Organization | null): Reaction {
  return { onLeak: organization?.onLeak ?? 'notify' }
}

const FIELDS = {
  onLeak: valueField<Reaction['onLeak']>(
    t.leaks.reaction.legend,
    (reaction) => t.leaks.reaction.choices[reaction].name,
  ),
}

/** Asks what happens when the secret of a key is found in public. */
export function SetReaction({ organization, shown, onClose }: SetReactionProps) {
  const set = useSetReaction(organization)
  const edit = useEdit<Organization, Reaction>({
    shown,
    valuesOf,
    fields: FIELDS,
    saving: set,
    save: ({ onLeak }, seen) => set.mutate({ onLeak, seen }, { onSuccess: onClose }),
  })
  const { title, legend, choices, effect, submit } = t.leaks.reaction
  return (
    <FormDialog
      title={title}
      submit={submit}
      effect={effect}
      isUnchanged={!edit.isChanged}
      isPending={set.isPending}
      error={set.error}
      overtaken={edit.overtaken}
      onSubmit={edit.save}
      onClose={onClose}
    >
      <Radio.Group
        label={legend}
        value={edit.values.onLeak}
        onChange={(value) => {
          const chosen = REACTIONS.find((reaction) => reaction === value)
          if (chosen !== undefined) edit.set({ onLeak: chosen })
        }}
      >
        {REACTIONS.map((reaction) => (
          <Radio
            key={reaction}
            size="xs"
            mt="xs"
            value={reaction}
            label={choices[reaction].name}
            description={choices[reaction].text}
          />
        ))}
      </Radio.Group>
    </FormDialog>
  )
}
