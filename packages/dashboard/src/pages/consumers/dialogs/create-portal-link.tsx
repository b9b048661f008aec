import { Checkbox, Select, TextInput } from '@mantine/core'
import type { Consumer, CreatePortalSessionInput } from '@sallyport/sdk'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import form from '../../../parts/layers/form.module.css'
import { ShownOnceDialog } from '../../../parts/shown-once/shown-once-dialog.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useCreatePortalSession } from '../mutations.ts'

type Scope = CreatePortalSessionInput['scopes'][number]

const SCOPES: readonly Scope[] = ['keys.read', 'keys.roll', 'keys.create', 'keys.delete', 'usage.read']
const DEFAULT_EXPIRY = '3600'
const EXPIRIES = [DEFAULT_EXPIRY, '14400', '28800', '86400'] as const

interface CreatePortalLinkProps {
  readonly organization: string
  readonly consumer: Consumer
  readonly onClose: () => void
}

/** Makes a link to the portal of a consumer: first what it allows, then the link. */
export function CreatePortalLink({ organization, consumer, onClose }: CreatePortalLinkProps) {
  const create = useCreatePortalSession(organization)
  const { may } = usePlace()
  const [scopes, setScopes] = useState<readonly Scope[]>(['keys.read'])
  const [expiry, setExpiry] = useState<string>(DEFAULT_EXPIRY)
  const [returnUrl, setReturnUrl] = useState('')
  const { portalForm: words, portalLink } = t.consumers
  if (create.data !== undefined) {
    return (
      <ShownOnceDialog
        title={words.ready(consumer.name)}
        value={create.data.link}
        words={portalLink}
        onClose={() => {
          // Nothing keeps the link once its dialog is closed.
          create.reset()
          onClose()
        }}
      />
    )
  }
  const submit = (): void =>
    create.mutate({
      consumer: consumer.id,
      scopes,
      expiresInSeconds: Number(expiry),
      ...(returnUrl.trim() !== '' && { returnUrl: returnUrl.trim() }),
    })
  return (
    <FormDialog
      title={words.title(consumer.name)}
      submit={words.submit}
      effect={words.effect}
      missing={[scopes.length === 0 && words.scopes]}
      isPending={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Checkbox.Group
        label={words.scopes}
        value={[...scopes]}
        onChange={(chosen) => setScopes(SCOPES.filter((scope) => chosen.includes(scope)))}
      >
        <div className={form.choices}>
          {SCOPES.filter((scope) => may(scope, consumer.environment)).map((scope) => (
            <Checkbox key={scope} size="xs" value={scope} label={words.scope[scope]} />
          ))}
        </div>
      </Checkbox.Group>
      <Select
        label={words.expires}
        data={EXPIRIES.map((value) => ({ value, label: words.expiries[value] }))}
        value={expiry}
        allowDeselect={false}
        onChange={(chosen) => setExpiry(chosen ?? DEFAULT_EXPIRY)}
      />
      <TextInput
        type="url"
        label={words.returnUrl}
        description={words.returnUrlHint}
        value={returnUrl}
        onChange={({ currentTarget }) => setReturnUrl(currentTarget.value)}
      />
    </FormDialog>
  )
}
