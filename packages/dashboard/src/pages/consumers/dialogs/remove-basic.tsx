import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { useRemoveBasicCredential } from '../mutations.ts'

interface RemoveBasicProps {
  readonly organization: string
  readonly consumer: string
  readonly username: string
  readonly onClose: () => void
}

/** Asks before a Basic credential is removed, and then shows on which gateways it is refused. */
export function RemoveBasic({ organization, consumer, username, onClose }: RemoveBasicProps) {
  const remove = useRemoveBasicCredential(organization)
  const { title, text, submit, done } = t.consumers.removeBasic
  return (
    <Removal
      title={title(username)}
      submit={submit}
      done={done(username)}
      removing={remove}
      onSubmit={() => remove.mutate({ consumer, username })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Removal>
  )
}
