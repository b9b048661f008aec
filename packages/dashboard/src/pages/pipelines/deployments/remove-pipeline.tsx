import type { Pipeline } from '@sallyport/sdk'
import { useNavigate } from '@tanstack/react-router'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { say } from '../../../parts/messages/say.ts'
import { t } from '../../../texts/texts.ts'
import { useRemovePipeline } from '../data/mutations.ts'

interface RemovePipelineProps {
  readonly organization: string
  readonly shown: Pipeline
  readonly onClose: () => void
}

/** Asks before a pipeline is deleted with all its versions. */
export function RemovePipeline({ organization, shown, onClose }: RemovePipelineProps) {
  const remove = useRemovePipeline(organization)
  const seen = useSeen(shown, remove.error)
  const { name } = shown
  const navigate = useNavigate()
  const words = t.pipeline.remove
  return (
    <Confirm
      title={words.title(name)}
      submit={words.submit}
      typed={name}
      isDestructive
      isPending={remove.isPending}
      error={remove.error}
      onSubmit={() =>
        remove.mutate(
          { name, seen },
          {
            onSuccess: () => {
              say(words.done(name))
              void navigate({ to: '/organizations/$organization/pipelines', params: { organization } })
            },
          },
        )
      }
      onClose={onClose}
    >
      <p>{words.text}</p>
    </Confirm>
  )
}
