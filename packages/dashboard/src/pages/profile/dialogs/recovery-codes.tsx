import { Button } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { copyOrTell } from '../../../parts/copying/copy-or-tell.ts'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { download } from '../../../parts/download.ts'
import { Icon } from '../../../parts/icon.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import classes from './dialogs.module.css'

interface RecoveryCodesProps {
  readonly title: string
  readonly codes: readonly string[]
  readonly onClose: () => void
}

/** Shows recovery codes once. It asks before it is left, in whatever way, if they were neither copied nor saved. */
export function RecoveryCodes({ title, codes, onClose }: RecoveryCodesProps) {
  const [kept, setKept] = useState<'copied' | 'saved'>()
  const leave = useBlocker({
    shouldBlockFn: () => true,
    enableBeforeUnload: true,
    disabled: kept !== undefined,
    withResolver: true,
  })
  const lines = codes.join('\n')
  const copyAndLeave = async (): Promise<void> => {
    // What the browser refuses to copy stays shown.
    if (await copyOrTell(lines)) leave.proceed?.()
    else leave.reset?.()
  }
  const words = t.profile.codes
  return (
    <>
      <Dialog
        title={title}
        onClose={onClose}
        foot={
          <>
            <span className={classes.copied} role="status">
              {kept === undefined ? words.notKept : words[kept]}
            </span>
            <Button onClick={onClose}>{t.token.close}</Button>
          </>
        }
      >
        <ul className={classes.codes} aria-label={words.label}>
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div className={classes.buttons}>
          <CopyButton variant="filled" text={lines} word={words.copy} onCopied={() => setKept('copied')} />
          <Button
            leftSection={<Icon small name="download" />}
            onClick={() => {
              download(
                words.file,
                new Blob([`${words.fileHead(location.host)}\n\n${lines}\n`], { type: 'text/plain' }),
              )
              setKept('saved')
            }}
          >
            {words.save}
          </Button>
        </div>
        <p className={text.meta}>{words.once}</p>
      </Dialog>
      {leave.status === 'blocked' && (
        <Dialog
          isSmall
          title={words.guardTitle}
          onClose={leave.reset}
          foot={
            <>
              <Button onClick={leave.proceed}>{t.token.closeAnyway}</Button>
              <Button variant="filled" data-autofocus onClick={() => void copyAndLeave()}>
                {t.token.copyAndClose}
              </Button>
            </>
          }
        >
          <p>{words.guardText}</p>
        </Dialog>
      )}
    </>
  )
}
