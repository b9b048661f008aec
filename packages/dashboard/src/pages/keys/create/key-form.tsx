import { SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import type { CreateKeyInput } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { environmentsQuery } from '../../../data/environments.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { Permits } from '../../../parts/roles/permits.tsx'
import { RolePicker } from '../../../parts/roles/role-picker.tsx'
import { useAtNow } from '../../../parts/now.ts'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { expiryOf, type Expiry, EXPIRIES } from './expiry.ts'
import { consumersQuery } from './choices.ts'
import layout from '../../../parts/layers/form.module.css'
import classes from './key-form.module.css'
import { addressRulesOf } from '../../../format/address-rules.ts'

interface KeyFormProps {
  readonly organization: string
  readonly environment: string | undefined
  /** The id of the consumer that is chosen at first. */
  readonly consumer: string | undefined
  readonly isPending: boolean
  readonly error: unknown
  readonly onSubmit: (input: CreateKeyInput) => void
  readonly onClose: () => void
}

interface Values {
  readonly name: string
  readonly type: 'secret' | 'public'
  readonly environment: string | null
  readonly consumer: string | null
  readonly roles: readonly string[]
  readonly expiry: Expiry
  readonly date: string
  readonly addresses: string
}

/** What a new key is: its name, its kind, whose it is or what it may do, and its limits. */
export function KeyForm(props: KeyFormProps) {
  const { organization, environment, consumer, isPending, error, onSubmit, onClose } = props
  const [values, setValues] = useState<Values>({
    name: '',
    type: 'secret',
    environment: environment ?? null,
    consumer: consumer ?? null,
    roles: [],
    expiry: 'never',
    date: '',
    addresses: '',
  })
  const set = (change: Partial<Values>): void => setValues((before) => ({ ...before, ...change }))
  const { form } = t.keys
  const environments = useQuery(environmentsQuery(organization))
  const isReady = values.name.trim() !== '' && (values.expiry !== 'date' || values.date !== '')
  return (
    <FormDialog
      title={form.title}
      submit={form.submit}
      isReady={isReady}
      isPending={isPending}
      error={error}
      onSubmit={() => onSubmit(inputOf(values))}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={form.name}
        description={form.nameHint}
        autoComplete="off"
        required
        value={values.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <fieldset className={classes.kind}>
        <legend>{form.type}</legend>
        <SegmentedControl
          size="xs"
          value={values.type}
          data={(['secret', 'public'] as const).map((type) => ({ value: type, label: t.keys.types[type] }))}
          onChange={(type) => set({ type })}
        />
        <p className={text.meta}>{values.type === 'secret' ? form.secretHint : form.publicHint}</p>
      </fieldset>
      <div className={layout.two}>
        <Select
          label={form.environment}
          data={[
            { value: '', label: form.everyEnvironment },
            ...(environments.data ?? []).map(({ name }) => ({ value: name, label: name })),
          ]}
          value={values.environment ?? ''}
          allowDeselect={false}
          onChange={(chosen) => set({ environment: chosen === '' ? null : chosen, consumer: null })}
        />
        <ExpiryField values={values} onChange={set} />
      </div>
      <Owner organization={organization} values={values} onChange={set} />
      {values.type === 'secret' && values.consumer === null && (
        <>
          <RolePicker organization={organization} value={values.roles} onChange={(roles) => set({ roles })} />
          <Permits organization={organization} roles={values.roles} />
        </>
      )}
      <Textarea
        label={form.addresses}
        description={form.addressesHint}
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        value={values.addresses}
        onChange={({ currentTarget }) => set({ addresses: currentTarget.value })}
      />
    </FormDialog>
  )
}

function inputOf({
  name,
  type,
  environment,
  consumer,
  roles,
  expiry,
  date,
  addresses,
}: Values): CreateKeyInput {
  const addressRules = addressRulesOf(addresses)
  return {
    name,
    type,
    environment,
    ...(consumer !== null && { consumer }),
    ...(type === 'secret' && consumer === null && roles.length > 0 && { roles }),
    expiresAt: expiryOf(expiry, date, Date.now()),
    ...(addressRules.length > 0 && { addressRules }),
  }
}

interface FieldProps {
  readonly values: Values
  readonly onChange: (change: Partial<Values>) => void
}

function ExpiryField({ values, onChange }: FieldProps) {
  const { form } = t.keys
  const today = useAtNow((nowMs) => new Date(nowMs).toISOString().slice(0, 10))
  return (
    <div className={classes.expiry}>
      <Select
        label={form.expires}
        data={EXPIRIES.map((expiry) => ({ value: expiry, label: form.expiries[expiry] }))}
        value={values.expiry}
        allowDeselect={false}
        onChange={(chosen) => onChange({ expiry: chosen as Expiry })}
      />
      {values.expiry === 'date' && (
        <TextInput
          type="date"
          aria-label={form.date}
          required
          min={today}
          value={values.date}
          onChange={({ currentTarget }) => onChange({ date: currentTarget.value })}
        />
      )}
    </div>
  )
}

function Owner({ organization, values, onChange }: FieldProps & { readonly organization: string }) {
  const { form } = t.keys
  const { data = [] } = useQuery(consumersQuery(organization, values.environment))
  return (
    <Select
      label={form.owner}
      description={form.ownerHint}
      placeholder={form.noOwner}
      searchable
      clearable
      data={data.map(({ id, name, environment }) => ({
        value: id,
        label: values.environment === null ? `${name} (${environment})` : name,
      }))}
      value={values.consumer}
      onChange={(consumer) =>
        onChange({
          consumer,
          ...(consumer !== null && {
            environment: data.find(({ id }) => id === consumer)?.environment ?? null,
          }),
        })
      }
    />
  )
}
