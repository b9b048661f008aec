import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { useRemoveSigningKey } from '../mutations.ts'

interface RemoveSigningKeyProps {
  readonly organization: string
  readonly environment: string
  readonly signingKey: string
  readonly onClose: () => void
}

/** Asks before a signing key that no longer signs is removed. */
export function RemoveSigningKey({ organization, environment, signingKey, onClose }: RemoveSigningKeyProps) {
  const remove = useRemoveSigningKey(organization)
  const { removeTitle, removeText, removeSubmit, removed } = t.environments.signingKeys
  return (
    <Removal
      title={removeTitle}
      submit={removeSubmit}
      done={removed}
      removing={remove}
      onSubmit={() => remove.mutate({ environment, signingKey })}
      onClose={onClose}
    >
      <p>{removeText}</p>
    </Removal>
  )
}
