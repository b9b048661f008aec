import { ShownOnceDialog } from '../../../parts/shown-once/shown-once-dialog.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import { t } from '../../../texts/texts.ts'

interface SecretDialogProps {
  readonly title: string
  readonly secret: string
  readonly onClose: () => void
}

const CHECK = `import { verifyWebhook } from '@sallyport/sdk'

const event = await verifyWebhook({ body, headers, secret: process.env.WEBHOOK_SECRET })`

/** Shows the secret that signs messages once, with the lines that check one. */
export function SecretDialog({ title, secret, onClose }: SecretDialogProps) {
  return (
    <ShownOnceDialog title={title} value={secret} words={t.webhooks.secret} onClose={onClose}>
      <h3>{t.webhooks.secret.code}</h3>
      <Snippet label={t.webhooks.secret.code}>{CHECK}</Snippet>
    </ShownOnceDialog>
  )
}
