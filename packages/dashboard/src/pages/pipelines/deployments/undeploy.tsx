import { Button } from '@mantine/core'
import type { ListedDeployment } from '@sallyport/sdk'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { Receipt } from '../../../parts/receipt.tsx'
import { t } from '../../../texts/texts.ts'
import { useUndeploy } from '../data/mutations.ts'

interface UndeployProps {
  readonly organization: string
  readonly id: string
  readonly history: readonly ListedDeployment[]
  readonly onClose: () => void
}

/** Asks before a deployment ends, and then shows on which gateways its route is gone. */
export function Undeploy({ organization, id, history, onClose }: UndeployProps) {
  const undeploy = useUndeploy(organization)
  const deployment = history.find((each) => each.id === id)
  const words = t.pipeline.undeploy
  if (deployment === undefined) return null
  const { pipeline, version, environment, url } = deployment
  if (undeploy.data !== undefined) {
    return (
      <Dialog
        isSmall
        title={words.done(pipeline, version, environment)}
        onClose={onClose}
        foot={<Button onClick={onClose}>{t.parts.close}</Button>}
      >
        <p role="status">{words.gone}</p>
        <Receipt receipt={undeploy.data.receipt} />
      </Dialog>
    )
  }
  if (deployment.endedAt !== null) return null
  return (
    <Confirm
      title={words.title(pipeline, version, environment)}
      submit={words.submit}
      typed={pipeline}
      isDestructive
      isPending={undeploy.isPending}
      error={undeploy.error}
      onSubmit={() => undeploy.mutate(id)}
      onClose={onClose}
    >
      <p>{url === null ? words.schedule : words.text}</p>
    </Confirm>
  )
}
