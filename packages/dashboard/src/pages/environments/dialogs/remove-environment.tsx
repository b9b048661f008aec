import type { Environment } from '@sallyport/sdk'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { useRemoveEnvironment } from '../mutations.ts'

interface RemoveEnvironmentProps {
  readonly organization: string
  readonly shown: Environment
  /** @param isDone whether it was deleted */
  readonly onClose: (isDone: boolean) => void
}

/** Asks before an environment is deleted with all that it has. */
export function RemoveEnvironment({ organization, shown, onClose }: RemoveEnvironmentProps) {
  const { removing, refresh } = useRemoveEnvironment(organization)
  const seen = useSeen(shown, removing.error)
  const { name: environment } = shown
  const { title, text, submit, done } = t.environments.remove
  return (
    <Removal
      title={title(environment)}
      submit={submit}
      typed={environment}
      done={done(environment)}
      removing={removing}
      onSubmit={() => removing.mutate({ environment, seen })}
      onClose={(isDone) => {
        onClose(isDone)
        if (isDone) refresh()
      }}
    >
      <p>{text}</p>
    </Removal>
  )
}
