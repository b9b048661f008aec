import type { CreateKeyOutput } from '@sallyport/sdk'
import { t } from '../../texts/texts.ts'
import { LinkDialog } from './link-dialog.tsx'
import { TokenDialog } from './token-dialog.tsx'

interface MadeKeyDialogProps {
  /** Of a dialog with the token. */
  readonly title: string
  readonly organization: string
  readonly made: CreateKeyOutput
  readonly onClose: () => void
}

/** Shows what a change has made, once: a token, or a hand-over link. */
export function MadeKeyDialog({ title, organization, made, onClose }: MadeKeyDialogProps) {
  const { key, token, handOver } = made
  if (handOver !== undefined) {
    return (
      <LinkDialog
        title={t.handOver.ready(key.name)}
        organization={organization}
        handOver={handOver}
        onClose={onClose}
      />
    )
  }
  if (token === undefined) return null
  return <TokenDialog title={title} organization={organization} made={key} token={token} onClose={onClose} />
}
