import { Removal } from '../../parts/layers/removal.tsx'
import { t } from '../../texts/texts.ts'
import { useRemoveRole } from './mutations.ts'

interface RemoveRoleProps {
  readonly organization: string
  readonly name: string
  /** @param isDone whether it was removed */
  readonly onClose: (isDone: boolean) => void
}

/** Asks before a role is removed. */
export function RemoveRole({ organization, name, onClose }: RemoveRoleProps) {
  const remove = useRemoveRole(organization)
  const { title, text, submit, done } = t.rolePages.remove
  return (
    <Removal
      title={title(name)}
      submit={submit}
      typed={name}
      done={done(name)}
      removing={remove}
      onSubmit={() => remove.mutate(name)}
      onClose={onClose}
    >
      <p>{text}</p>
    </Removal>
  )
}
