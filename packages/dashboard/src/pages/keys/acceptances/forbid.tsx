import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { useSetAcceptance } from './mutations.ts'

interface ForbidProps {
  readonly organization: string
  readonly keyId: string
  readonly keyName: string
  /** The slug of the organization that may no longer accept the key; undefined for all. */
  readonly partner: string | undefined
  readonly onClose: () => void
}

/** Asks before other organizations are forbidden to accept a key, and then shows where that is in force. */
export function Forbid({ organization, keyId, keyName, partner, onClose }: ForbidProps) {
  const forbid = useSetAcceptance(organization, keyId)
  const { one, all } = t.externalKeys.acceptances
  const words = partner === undefined ? all : one
  const name = partner ?? keyName
  return (
    <Removal
      title={words.title(name)}
      submit={words.submit}
      done={words.done(name)}
      removing={forbid}
      onSubmit={() => forbid.mutate({ partner, allowed: false })}
      onClose={onClose}
    >
      <p>{words.text}</p>
    </Removal>
  )
}
