import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useId } from 'react'
import { hasCode, isStepUpRequired } from '../../../data/failures.ts'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { formText } from '../../../parts/form-text.ts'
import { CopyableId } from '../../../parts/id.tsx'
import { Note } from '../../../parts/states/note.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { useBeginAuthenticator, useConfirmAuthenticator } from '../mutations.ts'
import classes from './dialogs.module.css'
import { QrCode } from './qr-code.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

/** Adds an authenticator app: its secret, its first code, and the recovery codes. */
export function AddAuthenticator({ onClose }: { readonly onClose: () => void }) {
  const begin = useBeginAuthenticator()
  const confirm = useConfirmAuthenticator()
  const { dialog, text: lead, show } = t.profile.authenticator
  if (confirm.data !== undefined)
    return (
      <RecoveryCodes title={t.profile.codes.added} codes={confirm.data.recoveryCodes} onClose={onClose} />
    )
  if (begin.data !== undefined) {
    return (
      <FirstCode
        secret={begin.data.secret}
        uri={begin.data.uri}
        isPending={confirm.isPending}
        error={confirm.error}
        onSubmit={(code) => confirm.mutate(code)}
        retry={() => confirm.variables !== undefined && confirm.mutate(confirm.variables)}
        onClose={onClose}
      />
    )
  }
  // The form that asks who it is does the rest.
  const asksWho = isStepUpRequired(begin.error)
  return (
    <Dialog
      isSmall
      title={dialog}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t.parts.cancel}</Button>
          <Button
            variant="filled"
            loading={begin.isPending}
            aria-disabled={asksWho || undefined}
            onClick={() => {
              if (!asksWho) begin.mutate()
            }}
          >
            {show}
          </Button>
        </>
      }
    >
      <p>{lead}</p>
      {begin.error !== null && <Failure error={begin.error} retry={() => begin.mutate()} />}
    </Dialog>
  )
}

interface FirstCodeProps {
  readonly secret: string
  readonly uri: string
  readonly isPending: boolean
  readonly error: Error | null
  readonly onSubmit: (code: string) => void
  readonly retry: () => void
  readonly onClose: () => void
}

/** The secret for the app, and the code that the app then shows. */
function FirstCode({ secret, uri, isPending, error, onSubmit, retry, onClose }: FirstCodeProps) {
  const form = useId()
  const { dialog, scan, orType, qr, code, codeHint, submit, wrong } = t.profile.authenticator
  const submitted = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onSubmit(formText(event.currentTarget, 'code').replaceAll(' ', ''))
  }
  return (
    <Dialog
      title={dialog}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t.parts.cancel}</Button>
          <Button type="submit" form={form} variant="filled" loading={isPending}>
            {submit}
          </Button>
        </>
      }
    >
      <div className={classes.setUp}>
        <QrCode label={qr} text={uri} />
        <div className={classes.steps}>
          <p>{scan}</p>
          <div className={classes.secret}>
            <span className={text.meta}>{orType}</span>
            <CopyableId value={secret} />
          </div>
          <form id={form} className={classes.code} onSubmit={submitted}>
            <TextInput
              data-autofocus
              name="code"
              label={code}
              description={codeHint}
              autoComplete="one-time-code"
              inputMode="numeric"
              required
            />
          </form>
        </div>
      </div>
      {hasCode(error, 'sign_in_failed') && <Note tone="bad" role="alert" title={wrong} />}
      {error !== null && !hasCode(error, 'sign_in_failed') && <Failure error={error} retry={retry} />}
    </Dialog>
  )
}
