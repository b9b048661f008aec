import type { Secret, Variable } from '@sallyport/sdk'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { useRemoveValue } from '../mutations.ts'
import type { ValueKind } from '../queries.ts'

interface RemoveValueProps {
  readonly kind: ValueKind
  readonly organization: string
  readonly environment: string
  /** With its ETag. */
  readonly shown: Variable | Secret
  readonly onClose: () => void
}

/** Asks before a variable or a secret is removed. */
export function RemoveValue({ kind, organization, environment, shown, onClose }: RemoveValueProps) {
  const remove = useRemoveValue(organization, kind)
  const seen = useSeen(shown, remove.error)
  const { name } = shown
  const { removeTitle, removeText, removeSubmit, removed } = t.environments[kind]
  return (
    <Removal
      title={removeTitle(name)}
      submit={removeSubmit}
      {...(kind === 'secrets' && { typed: name })}
      done={removed(name)}
      removing={remove}
      onSubmit={() => remove.mutate({ environment, name, seen })}
      onClose={onClose}
    >
      <p>{removeText}</p>
    </Removal>
  )
}
