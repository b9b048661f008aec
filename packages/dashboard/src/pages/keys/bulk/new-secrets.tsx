import { Button } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../../../parts/icon.tsx'
import { CopyButton, CopyIcon } from '../../../parts/copy-button.tsx'
import { csvFile, download } from '../../../parts/download.ts'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { useLeaveGuard, useStayWhile } from '../../../parts/layers/leave-guard.ts'
import { Meter } from '../../../parts/meter.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { State } from '../../../parts/state.tsx'
import { CloseGuard } from '../../../parts/shown-once/close-guard.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import classes from './new-secrets.module.css'
import { isNewSecret, type RolledKey, secretsFile } from './rolling.ts'

interface NewSecretsProps {
  readonly organization: string
  readonly way: 'here' | 'link'
  readonly rolled: readonly RolledKey[]
  /** How many keys are to be rolled. */
  readonly wanted: number
  readonly isPending: boolean
  readonly error: unknown
  readonly onGoOn: () => void
  readonly onStop: () => void
  readonly onClose: () => void
}

/** Shows new secrets once, all together, while further keys are rolled. It asks before it closes if one was not saved. */
export function NewSecrets(props: NewSecretsProps) {
  const { organization, way, rolled, wanted, isPending, error, onGoOn, onStop, onClose } = props
  const [saved, setSaved] = useState<ReadonlySet<string>>(new Set())
  const [asks, setAsks] = useState(false)
  const secrets = rolled.filter(isNewSecret)
  const isSaved = secrets.every(({ id }) => saved.has(id))
  const { roll: words } = t.keys.bulk
  const guard = useLeaveGuard(!isPending && !isSaved)
  useStayWhile(isPending)
  const note = (ids: readonly string[]): void => setSaved((before) => new Set([...before, ...ids]))
  const file = (): string => secretsFile(secrets, way)
  const save = (): void => {
    download(words.file(organization, way), csvFile(file()))
    note(secrets.map(({ id }) => id))
  }
  const close = (): void => {
    if (isSaved) onClose()
    else setAsks(true)
  }
  const isWhole = rolled.length === wanted
  return (
    <>
      <Dialog
        title={isWhole ? words.done(secrets.length) : t.keys.bulk.progress(rolled.length, wanted)}
        // The key that is being rolled would have a secret that was never shown.
        onClose={isPending ? onStop : close}
        foot={
          isPending ? (
            <Button onClick={onStop}>{words.stop}</Button>
          ) : (
            <>
              <span className={classes.saved}>{isSaved ? words.saved : words.notSaved}</span>
              <Button onClick={close}>{t.token.close}</Button>
              <CopyButton
                text={file()}
                word={words.copyAll}
                isEmpty={secrets.length === 0}
                onCopied={() => note(secrets.map(({ id }) => id))}
              />
              <Button
                variant="filled"
                leftSection={<Icon small name="download" />}
                aria-disabled={secrets.length === 0 || undefined}
                onClick={() => {
                  if (secrets.length > 0) save()
                }}
              >
                {words.saveAll}
              </Button>
            </>
          )
        }
      >
        <p>{way === 'here' ? words.once : words.onceLinks}</p>
        {!isWhole && (
          <Meter
            label={words.progress}
            words={t.keys.bulk.progress(rolled.length, wanted)}
            done={rolled.length}
            refused={rolled.length - secrets.length}
            all={wanted}
          />
        )}
        {error !== null && error !== undefined && <Failure error={error} retry={onGoOn} />}
        {!isWhole && !isPending && error === null && (
          <div>
            <Button size="xs" onClick={onGoOn}>
              {words.goOn(wanted - rolled.length)}
            </Button>
          </div>
        )}
        <ul className={classes.list} aria-label={words.list}>
          {rolled.map((one) => (
            <li key={one.id}>
              <div className={classes.about}>
                <span className={text.strong}>{one.name}</span>
                {isNewSecret(one) ? (
                  <OldSecret endsAt={one.oldEndsAt} />
                ) : (
                  <State tone="bad">{words.refused}</State>
                )}
              </div>
              {isNewSecret(one) ? (
                <div className={classes.secret}>
                  <code>{one.secret}</code>
                  <CopyIcon
                    text={one.secret}
                    label={words.copyOf(one.name)}
                    isKept={saved.has(one.id)}
                    onCopied={() => note([one.id])}
                  />
                </div>
              ) : (
                <p className={text.meta}>{one.refusal}</p>
              )}
            </li>
          ))}
        </ul>
      </Dialog>
      {(asks || guard.isAsked) && (
        <CloseGuard
          words={words}
          keepWord={words.saveAndClose}
          onKeep={() => {
            save()
            guard.leave(onClose)
          }}
          onLeave={() => guard.leave(onClose)}
          onStay={() => {
            setAsks(false)
            guard.stay()
          }}
        />
      )}
    </>
  )
}

function OldSecret({ endsAt }: { readonly endsAt: string | null }) {
  const { oldEnds, oldEnded } = t.keys.bulk.roll
  return (
    <span className={text.meta}>
      {endsAt === null ? (
        oldEnded
      ) : (
        <>
          {oldEnds} <When at={endsAt} />
        </>
      )}
    </span>
  )
}
