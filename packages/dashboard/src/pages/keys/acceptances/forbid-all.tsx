import type { Acceptance } from '@sallyport/sdk'
import { Removal } from '../../../parts/layers/removal.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { t } from '../../../texts/texts.ts'
import { useSetOrganizationAcceptance } from './mutations.ts'

interface ForbidAllProps {
  readonly organization: string
  /** Where keys are accepted; undefined as long as that is not known. */
  readonly accepted: readonly Acceptance[] | undefined
  readonly onClose: () => void
}

const differing = (ids: readonly string[]): number => new Set(ids).size

/** Asks before other organizations are forbidden to accept any key, and then shows where that is in force. */
export function ForbidAll({ organization, accepted, onClose }: ForbidAllProps) {
  const forbid = useSetOrganizationAcceptance(organization)
  const { title, text, again, submit, done, ends, endsNothing } = t.externalKeys.accepted.forbidAll
  const working = accepted?.filter(
    ({ forbiddenBy, status }) => forbiddenBy.length === 0 && status === 'active',
  )
  return (
    <Removal
      title={title}
      submit={submit}
      done={done}
      removing={forbid}
      onSubmit={() => forbid.mutate(false)}
      onClose={onClose}
    >
      {working !== undefined && working.length > 0 && (
        <Note
          tone="warn"
          title={ends(
            differing(working.map(({ key }) => key.id)),
            differing(working.map((one) => one.organization.slug)),
          )}
        />
      )}
      <p>
        {working?.length === 0 && endsNothing} {text}
      </p>
      <p>{again}</p>
    </Removal>
  )
}
