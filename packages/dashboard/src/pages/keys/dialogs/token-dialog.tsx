import { Button } from '@mantine/core'
import type { Key } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { When } from '../../../parts/when.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { useLeaveGuard } from '../../../parts/leave-guard.ts'
import { SecretText } from '../../../parts/secret-text.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import { State } from '../../../parts/state.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { firstCallQuery, routeQuery } from './first-call.ts'
import classes from './token-dialog.module.css'

interface TokenDialogProps {
  readonly title: string
  readonly organization: string
  readonly made: Pick<Key, 'id' | 'name' | 'consumer' | 'environment'>
  readonly token: string
  readonly onClose: () => void
}

/** Shows a token once. It asks before it closes if the token was not copied. */
export function TokenDialog({ title, organization, made, token, onClose }: TokenDialogProps) {
  const [isCopied, setCopied] = useState(false)
  const [asks, setAsks] = useState(false)
  useLeaveGuard(!isCopied)
  const close = (): void => {
    if (isCopied) onClose()
    else setAsks(true)
  }
  const copyAndClose = async (): Promise<void> => {
    await navigator.clipboard.writeText(token)
    onClose()
  }
  return (
    <>
      <Dialog
        title={title}
        onClose={close}
        foot={
          <>
            <span className={classes.copied}>{isCopied ? t.token.copied : t.token.notCopied}</span>
            <Button onClick={close}>{t.token.close}</Button>
          </>
        }
      >
        <div className={classes.part}>
          <SecretText label={t.token.label} value={token} onCopied={() => setCopied(true)} />
          <p className={text.meta}>{t.token.once}</p>
        </div>
        <TryIt organization={organization} made={made} token={token} />
      </Dialog>
      {asks && (
        <Dialog
          isSmall
          title={t.token.guardTitle}
          onClose={() => setAsks(false)}
          foot={
            <>
              <Button onClick={onClose}>{t.token.closeAnyway}</Button>
              <Button variant="filled" onClick={() => void copyAndClose()}>
                {t.token.copyAndClose}
              </Button>
            </>
          }
        >
          <p>{t.token.guardText}</p>
        </Dialog>
      )}
    </>
  )
}

type TryItProps = Pick<TokenDialogProps, 'organization' | 'made' | 'token'>

/** A call to paste, and whether the key was used. */
function TryIt({ organization, made, token }: TryItProps) {
  const { data: route } = useQuery(routeQuery(organization, made))
  const { data: key } = useQuery(firstCallQuery(organization, made.id))
  if (route == null) return null
  // Of the secret that the token belongs to, which is the newest.
  const used = key?.secrets.at(-1)?.lastUsedAt ?? null
  return (
    <div className={classes.part}>
      <h3>{t.token.tryIt}</h3>
      <Snippet label={t.token.tryIt}>{`curl ${route} \\\n  -H "x-api-key: ${token}"`}</Snippet>
      {used === null ? (
        <State tone="info" mark="half">
          {t.token.waiting}
        </State>
      ) : (
        <State tone="ok">
          {t.token.called} <When at={used} />
        </State>
      )}
    </div>
  )
}
