import { SegmentedControl, Select, TextInput } from '@mantine/core'
import type { CreateKeyInput } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { environmentsQuery } from '../../../data/environments.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { Permits } from '../../../parts/roles/permits.tsx'
import { RolePicker } from '../../../parts/roles/role-picker.tsx'
import { type Delivery, deliveryInput, SHOWN_HERE } from '../../../parts/shown-once/delivery.ts'
import { DeliveryField } from '../../../parts/shown-once/delivery-field.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { AddressesField } from '../fields/addresses-field.tsx'
import { CHOICES_OF_NEW, type Expiry, expiryInput, isChosen } from '../fields/expiry.ts'
import { ExpiryField } from '../fields/expiry-field.tsx'
import { areComplete, type Limit, limitsInput, NEW_LIMIT } from '../fields/limits.ts'
import { LimitsField } from '../fields/limits-field.tsx'
import { consumersQuery } from './choices.ts'
import layout from '../../../parts/layers/form.module.css'
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
  readonly addresses: string
  readonly limits: readonly Limit[]
  readonly delivery: Delivery
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
    expiry: { choice: 'never', date: '' },
    addresses: '',
    limits: [],
    delivery: SHOWN_HERE,
  })
  const set = (change: Partial<Values>): void => setValues((before) => ({ ...before, ...change }))
  const { form } = t.keys
  const environments = useQuery(environmentsQuery(organization))
  return (
    <FormDialog
      title={form.title}
      submit={form.submit}
      missing={[
        values.name.trim() === '' && form.name,
        !isChosen(values.expiry) && form.expires,
        !areComplete(values.limits) && form.limits.title,
      ]}
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
      <fieldset className={layout.field}>
        <legend>{form.type}</legend>
        <SegmentedControl
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
        <ExpiryField choices={CHOICES_OF_NEW} value={values.expiry} onChange={(expiry) => set({ expiry })} />
      </div>
      <Owner organization={organization} values={values} onChange={set} />
      {values.type === 'secret' && values.consumer === null && (
        <>
          <RolePicker organization={organization} value={values.roles} onChange={(roles) => set({ roles })} />
          <Permits organization={organization} roles={values.roles} />
        </>
      )}
      <AddressesField value={values.addresses} onChange={(addresses) => set({ addresses })} />
      <LimitsField
        hint={t.keys.form.limits.hint}
        added={NEW_LIMIT}
        value={values.limits}
        onChange={(limits) => set({ limits })}
      />
      {values.type === 'secret' && (
        <DeliveryField value={values.delivery} onChange={(delivery) => set({ delivery })} />
      )}
    </FormDialog>
  )
}

function inputOf(values: Values): CreateKeyInput {
  const { name, type, environment, consumer, roles, expiry, addresses, limits, delivery } = values
  const addressRules = addressRulesOf(addresses)
  const rateLimits = limitsInput(limits)
  return {
    name,
    type,
    environment,
    ...(consumer !== null && { consumer }),
    ...(type === 'secret' && consumer === null && roles.length > 0 && { roles }),
    ...expiryInput(expiry, Date.now()),
    ...(addressRules.length > 0 && { addressRules }),
    ...(rateLimits.length > 0 && { rateLimits }),
    ...(type === 'secret' && deliveryInput(delivery)),
  }
}

interface OwnerProps {
  readonly organization: string
  readonly values: Values
  readonly onChange: (change: Partial<Values>) => void
}

function Owner({ organization, values, onChange }: OwnerProps) {
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
