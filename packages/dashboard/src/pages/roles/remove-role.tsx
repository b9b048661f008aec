import type { Role } from '@sallyport/sdk'
import { useSeen } from '../../parts/edits/use-seen.ts'
import { Removal } from '../../parts/layers/removal.tsx'
import { t } from '../../texts/texts.ts'
import { useRemoveRole } from './mutations.ts'

interface RemoveRoleProps {
  readonly organization: string
  readonly role: Role
  /** @param isDone whether it was removed */
  readonly onClose: (isDone: boolean) => void
}

/** Asks before a role is removed. */
export function RemoveRole({ organization, role, onClose }: RemoveRoleProps) {
  const remove = useRemoveRole(organization)
  const seen = useSeen(role, remove.error)
  const { name } = role
  const { title, text, submit, done } = t.rolePages.remove
  return (
    <Removal
      title={title(name)}
      submit={submit}
      typed={name}
      done={done(name)}
      removing={remove}
      onSubmit={() => remove.mutate({ name, seen })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Removal>
  )
}
