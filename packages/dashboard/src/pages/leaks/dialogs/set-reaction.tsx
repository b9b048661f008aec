import { Radio } from '@mantine/core'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { t } from '../../../texts/texts.ts'
import { type Reaction, useSetReaction } from '../mutations.ts'

interface SetReactionProps {
  readonly organization: string
  readonly inForce: Reaction
  readonly onClose: () => void
}

const REACTIONS: readonly Reaction[] = ['notify', 'switch-off']

/** Asks what happens when the secret of a key is found in public. */
export function SetReaction({ organization, inForce, onClose }: SetReactionProps) {
  const set = useSetReaction(organization)
  const [chosen, setChosen] = useState(inForce)
  const { title, legend, choices, effect, submit } = t.leaks.reaction
  return (
    <FormDialog
      title={title}
      submit={submit}
      effect={effect}
      isUnchanged={chosen === inForce}
      isPending={set.isPending}
      error={set.error}
      onSubmit={() => set.mutate(chosen, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Radio.Group
        label={legend}
        value={chosen}
        onChange={(value) => setChosen(REACTIONS.find((reaction) => reaction === value) ?? inForce)}
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
