import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useId, useState } from 'react'
import { hasCode, isPasswordEnough } from '../../data/failures.ts'
import { canUsePasskeys, passkeysQuery, stepUpWithPasskey } from '../../data/passkeys.ts'
import { sallyport } from '../../data/sallyport.ts'
import { secondFactorQuery } from '../../data/second-factor.ts'
import { sessionQuery } from '../../data/session.ts'
import { t } from '../../texts/texts.ts'
import { FailureNote } from './failure-note.tsx'
import { Note } from './note.tsx'
import { RowsSkeleton } from './skeleton.tsx'
import classes from './step-up.module.css'
import text from '../text.module.css'

/** How a person can confirm who they are. */
type Way = 'password' | 'code' | 'passkey'

interface StepUpProps {
  /** The refusal that asked for it. */
  readonly error: unknown
  /** Does again what was refused. */
  readonly onConfirmed: () => void
}

/** Asks the person to confirm who they are, in a way that they have. */
export function StepUp({ error, onConfirmed }: StepUpProps) {
  const factor = useQuery(secondFactorQuery)
  const passkeys = useQuery(passkeysQuery)
  if (factor.isPending || passkeys.isPending) return <RowsSkeleton rows={2} />
  const ways: Way[] = []
  if (isPasswordEnough(error)) ways.push('password')
  if (factor.data?.authenticator != null) ways.push('code')
  if ((passkeys.data ?? []).length > 0 && canUsePasskeys()) ways.push('passkey')
  return <StepUpForm ways={ways} onConfirmed={onConfirmed} />
}

interface StepUpFormProps {
  readonly ways: readonly Way[]
  readonly onConfirmed: () => void
}

/** It can stand in a form of its page, so it is none itself. */
function StepUpForm({ ways, onConfirmed }: StepUpFormProps) {
  const queries = useQueryClient()
  const title = useId()
  const [way = 'password', setWay] = useState(ways[0])
  const [secret, setSecret] = useState('')
  const confirm = useMutation({
    mutationFn: async () => {
      if (way === 'passkey') await stepUpWithPasskey()
      else await sallyport.stepUp(way === 'code' ? { code: secret } : { password: secret })
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      onConfirmed()
    },
  })
  const isReady = way === 'passkey' || secret !== ''
  const submit = (): void => {
    if (isReady && !confirm.isPending) confirm.mutate()
  }
  const choose = (chosen: Way): void => {
    setWay(chosen)
    setSecret('')
    confirm.reset()
  }
  const field = {
    value: secret,
    autoFocus: true,
    onChange: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
      setSecret(currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter') return
      event.preventDefault()
      submit()
    },
  }
  return (
    <div className={classes.stepUp} role="group" aria-labelledby={title}>
      <div>
        <h3 id={title}>{t.stepUp.title}</h3>
        <p className={text.meta}>
          {ways.includes('password') ? t.stepUp.lead : t.stepUp.leadWithoutPassword}
        </p>
      </div>
      {ways.length > 1 && (
        <SegmentedControl
          aria-label={t.stepUp.ways}
          value={way}
          data={ways.map((value) => ({ value, label: t.stepUp.words[value] }))}
          onChange={choose}
        />
      )}
      {way === 'password' && (
        <PasswordInput label={t.stepUp.password} autoComplete="current-password" {...field} />
      )}
      {way === 'code' && (
        <TextInput label={t.stepUp.code} autoComplete="one-time-code" inputMode="text" {...field} />
      )}
      {way === 'passkey' && <p>{t.stepUp.passkey}</p>}
      {confirm.error !== null && <Refusal error={confirm.error} way={way} />}
      <Button
        variant="filled"
        className={classes.submit}
        loading={confirm.isPending}
        aria-disabled={!isReady || undefined}
        onClick={submit}
      >
        {t.stepUp.submit}
      </Button>
      {ways.length === 1 && way === 'password' && <p className={text.meta}>{t.stepUp.noPassword}</p>}
    </div>
  )
}

function Refusal({ error, way }: { readonly error: unknown; readonly way: Way }) {
  if (hasCode(error, 'sign_in_failed')) return <Note tone="bad" role="alert" title={t.stepUp.wrong[way]} />
  return <FailureNote error={error} />
}
