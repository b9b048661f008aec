import type { PortalKey } from '@sallyport/sdk'
import { relative } from '../../../format/times.ts'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { useAtNow } from '../../../parts/now.ts'
import { Note } from '../../../parts/states/note.tsx'
import { t } from '../../../texts/texts.ts'
import { lastUseOf } from '../../keys/key-words.tsx'
import { useRevokeKey } from '../mutations.ts'

interface RevokeKeyProps {
  readonly shown: PortalKey
  /** @param isDone whether it was revoked */
  readonly onClose: (isDone: boolean) => void
}

/** Asks before a key is revoked, and then shows on which gateways it is refused. */
export function RevokeKey({ shown, onClose }: RevokeKeyProps) {
  const revoke = useRevokeKey()
  const seen = useSeen(shown, revoke.error)
  const used = lastUseOf(shown)
  const at = useAtNow((nowMs) => (used === null ? '' : relative(Date.parse(used), nowMs)))
  const { title, text, used: lastUsed, submit, done, refused } = t.portal.revoke
  return (
    <Removal
      title={title(shown.name)}
      submit={submit}
      typed={shown.name}
      done={done(shown.name)}
      proof={refused}
      removing={revoke}
      onSubmit={() => revoke.mutate({ id: shown.id, seen })}
      onClose={onClose}
    >
      {used !== null && <Note tone="warn" title={lastUsed(at)} />}
      <p>{text}</p>
    </Removal>
  )
}
