import { Button } from '@mantine/core'
import { useState } from 'react'
import { copyOrTell } from '../../parts/copying/copy-or-tell.ts'
import { CloseGuard } from '../../parts/shown-once/close-guard.tsx'
import { SecretText } from '../../parts/secret-text.tsx'
import { Alone } from '../../shell/alone.tsx'
import { t } from '../../texts/texts.ts'
import { useLeaveGuard } from '../../parts/layers/leave-guard.ts'
import classes from './set-up-page.module.css'

interface OwnerKeyProps {
  readonly name: string
  readonly token: string
  readonly onGoOn: () => void
}

/** The owner key of a new organization, shown once. */
export function OwnerKey({ name, token, onGoOn }: OwnerKeyProps) {
  const [isCopied, setCopied] = useState(false)
  const [asks, setAsks] = useState(false)
  const guard = useLeaveGuard(!isCopied)
  const stay = (): void => {
    setAsks(false)
    guard.stay()
  }
  const copyAndGoOn = async (): Promise<void> => {
    // What the browser refuses to copy stays shown.
    if (await copyOrTell(token)) guard.leave(onGoOn)
    else stay()
  }
  return (
    <Alone title={t.setUp.ready(name)}>
      <h1>{t.setUp.ready(name)}</h1>
      <div className={classes.group}>
        <h2>{t.setUp.ownerKey}</h2>
        <SecretText label={t.token.label} value={token} onCopied={() => setCopied(true)} />
        <p>{t.token.once}</p>
      </div>
      <Button variant={isCopied ? 'filled' : 'default'} onClick={() => (isCopied ? onGoOn() : setAsks(true))}>
        {t.setUp.goOn}
      </Button>
      {(asks || guard.isAsked) && (
        <CloseGuard
          words={t.token}
          keepWord={t.token.copyAndClose}
          onKeep={() => void copyAndGoOn()}
          onLeave={() => guard.leave(onGoOn)}
          onStay={stay}
        />
      )}
    </Alone>
  )
}
