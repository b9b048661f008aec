import { Button, TextInput } from '@mantine/core'
import type { Passkey } from '@sallyport/sdk'
import { useId } from 'react'
import { isStepUpRequired } from '../../../data/failures.ts'
import { browserName } from '../../../format/browsers.ts'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { formText } from '../../../parts/form-text.ts'
import { t } from '../../../texts/texts.ts'
import { useAddPasskey, useRenamePasskey } from '../mutations.ts'

/** Adds a passkey of this device or of another one. */
export function AddPasskey({ onClose }: { readonly onClose: () => void }) {
  const add = useAddPasskey()
  const { title, text, submit } = t.profile.passkeys.adding
  return (
    <NamePasskey
      title={title}
      text={text}
      submit={submit}
      value={browserName(navigator.userAgent)}
      isPending={add.isPending}
      error={add.error}
      onSubmit={(name) => add.mutate(name, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}

interface RenamePasskeyProps {
  readonly passkey: Passkey
  readonly onClose: () => void
}

export function RenamePasskey({ passkey, onClose }: RenamePasskeyProps) {
  const rename = useRenamePasskey()
  const { title, submit } = t.profile.passkeys.renaming
  return (
    <NamePasskey
      title={title(passkey.name)}
      submit={submit}
      value={passkey.name}
      isPending={rename.isPending}
      error={rename.error}
      onSubmit={(name) => rename.mutate({ id: passkey.id, name }, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}

interface NamePasskeyProps {
  readonly title: string
  readonly text?: string
  readonly submit: string
  /** The name until it is another one. */
  readonly value: string
  readonly isPending: boolean
  readonly error: Error | null
  readonly onSubmit: (name: string) => void
  readonly onClose: () => void
}

function NamePasskey({ title, text, submit, value, isPending, error, onSubmit, onClose }: NamePasskeyProps) {
  const id = useId()
  // The form that asks who it is does the rest.
  const asksWho = isStepUpRequired(error)
  const send = (): void => {
    const form = document.getElementById(id)
    if (form instanceof HTMLFormElement) onSubmit(formText(form, 'name').trim())
  }
  return (
    <Dialog
      isSmall
      title={title}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t.parts.cancel}</Button>
          <Button
            type="submit"
            form={id}
            variant="filled"
            loading={isPending}
            aria-disabled={asksWho || undefined}
          >
            {submit}
          </Button>
        </>
      }
    >
      {text !== undefined && <p>{text}</p>}
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault()
          if (!asksWho) send()
        }}
      >
        <TextInput
          data-autofocus
          name="name"
          label={t.profile.passkeys.name}
          defaultValue={value}
          maxLength={64}
          autoComplete="off"
          required
        />
      </form>
      {error !== null && <Failure error={error} retry={send} />}
    </Dialog>
  )
}
