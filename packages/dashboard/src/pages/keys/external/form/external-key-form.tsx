import { Button, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { gatewaysQuery } from '../../../../data/gateways.ts'
import { rolesQuery } from '../../../../data/roles.ts'
import { Failure } from '../../../../parts/states/failure.tsx'
import type { OvertakenEdit } from '../../../../parts/edits/use-edit.ts'
import form from '../../../../parts/layers/form.module.css'
import { Note } from '../../../../parts/states/note.tsx'
import { isBroad } from '../../../../parts/roles/permissions.ts'
import { Permits } from '../../../../parts/roles/permits.tsx'
import { RolePicker } from '../../../../parts/roles/role-picker.tsx'
import { PanelSection, SidePanel } from '../../../../parts/layers/side-panel.tsx'
import text from '../../../../parts/text.module.css'
import { WhyNot, whyNotReady } from '../../../../parts/layers/why-not.tsx'
import { usePlace } from '../../../../shell/organization.ts'
import { t } from '../../../../texts/texts.ts'
import classes from './external-key-form.module.css'

export interface ExternalKeyValues {
  readonly label: string
  readonly roles: readonly string[]
  readonly addresses: string
}

interface ExternalKeyFormProps {
  readonly organization: string
  readonly title: string
  readonly lead?: string
  readonly submit: string
  readonly values: ExternalKeyValues
  readonly onChange: (change: Partial<ExternalKeyValues>) => void
  /** The fields that must be filled in first. */
  readonly missing: readonly (string | false)[]
  readonly isUnchanged?: boolean
  readonly isPending: boolean
  readonly error: unknown
  readonly overtaken?: OvertakenEdit | undefined
  readonly onSubmit: () => void
  readonly onClose: () => void
  /** The first field. */
  readonly children?: ReactNode
}

/** What an external key is called and may do here, in a panel beside the list. */
export function ExternalKeyForm(props: ExternalKeyFormProps) {
  const {
    organization,
    title,
    lead,
    submit,
    values,
    onChange,
    missing,
    isUnchanged = false,
    isPending,
    error,
    overtaken,
    onSubmit,
    onClose,
  } = props
  const { form: words } = t.externalKeys
  const id = useId()
  const whyNot = whyNotReady(missing, isUnchanged, overtaken)
  const isReady = whyNot === undefined
  const send = (): void => {
    if (isReady && !isPending) onSubmit()
  }
  return (
    <SidePanel
      title={title}
      about={lead}
      onClose={onClose}
      foot={
        <>
          {isReady ? <Effect organization={organization} /> : <WhyNot id={`${id}-why`}>{whyNot}</WhyNot>}
          <Button onClick={onClose}>{t.parts.cancel}</Button>
          <Button
            type="submit"
            form={id}
            variant="filled"
            loading={isPending}
            aria-disabled={!isReady || undefined}
            aria-describedby={isReady ? undefined : `${id}-why`}
          >
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <PanelSection label={title}>
          <div className={form.form}>
            {props.children}
            <TextInput
              label={words.label}
              description={words.labelHint}
              autoComplete="off"
              value={values.label}
              onChange={({ currentTarget }) => onChange({ label: currentTarget.value })}
            />
          </div>
        </PanelSection>
        <PanelSection label={t.roles.legend}>
          <RolePicker
            organization={organization}
            marksBroad
            value={values.roles}
            onChange={(roles) => onChange({ roles })}
          />
        </PanelSection>
        <PanelSection label={t.roles.permits}>
          <Permits organization={organization} roles={values.roles} />
          <BroadWarning organization={organization} roles={values.roles} />
        </PanelSection>
        <PanelSection label={words.addresses}>
          <Textarea
            label={words.addresses}
            description={words.addressesHint}
            autosize
            minRows={1}
            maxRows={6}
            spellCheck={false}
            value={values.addresses}
            onChange={({ currentTarget }) => onChange({ addresses: currentTarget.value })}
          />
          {error !== null && error !== undefined && (
            <Failure error={error} retry={send} overtaken={overtaken} />
          )}
        </PanelSection>
      </form>
    </SidePanel>
  )
}

/** Beside the buttons: where it will be in force. */
function Effect({ organization }: { readonly organization: string }) {
  const { may } = usePlace()
  const { data } = useQuery({ ...gatewaysQuery(organization), enabled: may('gateways.read') })
  return (
    <span className={`${classes.effect} ${text.meta}`}>
      {data !== undefined && t.externalKeys.form.effect(data.length)}
    </span>
  )
}

interface BroadWarningProps {
  readonly organization: string
  readonly roles: readonly string[]
}

function BroadWarning({ organization, roles }: BroadWarningProps) {
  const { may } = usePlace()
  const { data = [] } = useQuery({ ...rolesQuery(organization), enabled: may('roles.read') })
  const hasBroad = data.some(({ name, permissions }) => roles.includes(name) && isBroad(permissions))
  const { warning, warningText } = t.externalKeys.form
  return (
    <Note tone={hasBroad ? 'warn' : 'plain'} title={warning}>
      {warningText}
    </Note>
  )
}
