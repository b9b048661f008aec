import type { Issuer } from '@sallyport/sdk'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { useRemoveIssuer } from '../mutations.ts'

interface RemoveIssuerProps {
  readonly organization: string
  readonly environment: string
  /** With its ETag. */
  readonly issuer: Issuer
  readonly onClose: () => void
}

/** Asks before the tokens of an issuer are refused. */
export function RemoveIssuer({ organization, environment, issuer, onClose }: RemoveIssuerProps) {
  const remove = useRemoveIssuer(organization)
  const seen = useSeen(issuer, remove.error)
  const { removeTitle, removeText, removeSubmit, removed } = t.environments.issuers
  return (
    <Removal
      title={removeTitle(issuer.issuer)}
      submit={removeSubmit}
      done={removed(issuer.issuer)}
      removing={remove}
      onSubmit={() => remove.mutate({ environment, issuer: issuer.id, seen })}
      onClose={onClose}
    >
      <p>{removeText}</p>
    </Removal>
  )
}
