import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { type NamedValue, useRemoveValue, type ValueKind } from '../mutations.ts'

interface RemoveValueProps extends NamedValue {
  readonly kind: ValueKind
  readonly organization: string
  readonly onClose: () => void
}

/** Asks before a variable or a secret is removed. */
export function RemoveValue({ kind, organization, environment, name, onClose }: RemoveValueProps) {
  const remove = useRemoveValue(organization, kind)
  const { removeTitle, removeText, removeSubmit, removed } = t.environments[kind]
  return (
    <Removal
      title={removeTitle(name)}
      submit={removeSubmit}
      {...(kind === 'secrets' && { typed: name })}
      done={removed(name)}
      removing={remove}
      onSubmit={() => remove.mutate({ environment, name })}
      onClose={onClose}
    >
      <p>{removeText}</p>
    </Removal>
  )
}
