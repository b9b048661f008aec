import { MultiSelect, Select, TagsInput, TextInput } from '@mantine/core'
import { Note } from '../../../parts/states/note.tsx'
import { IN_LANDMARK } from '../../../parts/layers/in-landmark.ts'
import { t } from '../../../texts/texts.ts'
import { ArrangedFields } from '../form/arranged-fields.tsx'
import { type FormAccess, faultAt, faultWithin } from '../form/form-access.ts'
import { memberOf, schemaAt } from '../schema/walk.ts'
import { NextRuns } from '../schedule/next-runs.tsx'
import { CredentialToggles } from '../spec/credential-toggles.tsx'
import { Toggle } from '../spec/toggle.tsx'
import classes from './trigger-form.module.css'
import {
  CATCH_UPS,
  CREDENTIALS,
  EXPOSING_KINDS,
  METHODS,
  OVERLAPS,
  TIME_ZONE_DEFAULT,
  type TriggerFacts,
} from '../spec/trigger-facts.ts'

interface TriggerFormProps {
  readonly spec: unknown
  readonly facts: TriggerFacts
  /** Whether the text can be read. If not, the form shows what it said last. */
  readonly isReadable: boolean
  readonly access: FormAccess
}

/** The fields that this form has made by hand. All others follow from the schema. */
const BY_HAND = [
  'kind',
  'path',
  'methods',
  'hosts',
  'authentication',
  'login',
  'acceptsPublicKeys',
  'schedule',
  'timeZone',
  'overlap',
  'catchUp',
]

/** The trigger of a spec as a form. Each change is one of the text beside it. */
export function TriggerForm(props: TriggerFormProps) {
  const { spec: whole, facts, isReadable, access } = props
  const { spec } = t.pipeline
  const { isDisabled } = access
  const schema = schemaAt(whole, ['trigger'])
  const set = (name: string, value: unknown): void => access.set(['trigger', name], value)
  return (
    <div className={classes.form}>
      {!isReadable && (
        <Note tone="warn" title={spec.unreadable}>
          {spec.unreadableNext}
        </Note>
      )}
      {facts.isExposing ? (
        <>
          <div className={classes.route}>
            <Choice
              label={spec.kind}
              choices={EXPOSING_KINDS}
              meanings={spec.kinds}
              value={facts.kind}
              isDisabled={isDisabled}
              onChange={(kind) => set('kind', kind)}
            />
            <TextInput
              label={spec.path}
              description={spec.pathHint}
              placeholder={spec.defaultPath}
              disabled={isDisabled}
              error={faultAt(access, ['trigger', 'path'])}
              spellCheck={false}
              value={facts.path ?? ''}
              onChange={({ currentTarget: { value } }) => set('path', value === '' ? undefined : value)}
            />
            <MultiSelect
              comboboxProps={IN_LANDMARK}
              label={spec.methods}
              placeholder={facts.methods === null ? spec.everyMethod : ''}
              error={faultWithin(access, ['trigger', 'methods'])}
              data={[...METHODS]}
              disabled={isDisabled}
              value={[...(facts.methods ?? [])]}
              onChange={(methods) => set('methods', methods.length === 0 ? undefined : methods)}
            />
          </div>
          <TagsInput
            comboboxProps={IN_LANDMARK}
            label={spec.hosts}
            description={spec.hostsHint}
            placeholder={facts.hosts === null ? spec.everyHost : ''}
            error={faultWithin(access, ['trigger', 'hosts'])}
            disabled={isDisabled}
            spellCheck={false}
            value={[...(facts.hosts ?? [])]}
            onChange={(hosts) => set('hosts', hosts.length === 0 ? undefined : hosts)}
          />
          <Callers {...props} />
        </>
      ) : (
        <ScheduleFields {...props} />
      )}
      {schema !== undefined && (
        <section aria-label={t.specForm.more}>
          <h3>{t.specForm.more}</h3>
          <ArrangedFields
            schema={schema}
            value={memberOf(whole, 'trigger')}
            path={['trigger']}
            elsewhere={BY_HAND}
            access={access}
          />
        </section>
      )}
    </div>
  )
}

/** When a pipeline without callers starts. */
function ScheduleFields({ facts, access }: TriggerFormProps) {
  const { spec } = t.pipeline
  const { isDisabled } = access
  const set = (name: string, value: unknown): void => access.set(['trigger', name], value)
  return (
    <>
      <TextInput
        label={spec.schedule}
        description={spec.scheduleHint}
        error={faultAt(access, ['trigger', 'schedule'])}
        disabled={isDisabled}
        value={facts.schedule ?? ''}
        onChange={({ currentTarget }) => set('schedule', currentTarget.value)}
      />
      <TextInput
        label={spec.timeZone}
        description={spec.timeZoneHint}
        error={faultAt(access, ['trigger', 'timeZone'])}
        placeholder={TIME_ZONE_DEFAULT}
        disabled={isDisabled}
        spellCheck={false}
        value={facts.timeZone ?? ''}
        onChange={({ currentTarget: { value } }) => set('timeZone', value === '' ? undefined : value)}
      />
      <NextRuns schedule={facts.schedule ?? ''} timeZone={facts.timeZone ?? TIME_ZONE_DEFAULT} />
      <Choice
        label={spec.overlap}
        choices={OVERLAPS}
        meanings={spec.overlaps}
        value={facts.overlap}
        isDisabled={isDisabled}
        onChange={(overlap) => set('overlap', overlap)}
      />
      <Choice
        label={spec.catchUp}
        choices={CATCH_UPS}
        meanings={spec.catchUps}
        value={facts.catchUp}
        isDisabled={isDisabled}
        onChange={(catchUp) => set('catchUp', catchUp)}
      />
    </>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly choices: readonly string[]
  /** What each choice means. */
  readonly meanings: Readonly<Record<string, string>>
  readonly value: string
  readonly isDisabled: boolean
  readonly onChange: (value: string | null) => void
}

/** One of a few values, with the meaning of the chosen one. */
function Choice({ label, choices, meanings, value, isDisabled, onChange }: ChoiceProps) {
  return (
    <Select
      comboboxProps={IN_LANDMARK}
      label={label}
      description={meanings[value]}
      data={[...choices]}
      value={value}
      allowDeselect={false}
      disabled={isDisabled}
      onChange={onChange}
    />
  )
}

/** What callers must send, and who they are. */
function Callers({ facts, access }: TriggerFormProps) {
  const { spec } = t.pipeline
  const { isDisabled, set } = access
  const authentication = ['trigger', 'authentication']
  const [apiKey, jwt, basic] = CREDENTIALS.map((name) => faultAt(access, [...authentication, name]))
  const { isKeyOptional, required } = facts
  return (
    <>
      <section aria-label={spec.authentication}>
        <h3>{spec.authentication}</h3>
        <CredentialToggles
          required={required}
          isKeyOptional={isKeyOptional}
          isDisabled={isDisabled}
          faults={{
            ...(apiKey !== undefined && !isKeyOptional && { apiKey }),
            ...(jwt !== undefined && { jwt }),
            ...(basic !== undefined && { basic }),
          }}
          onChange={(credential, isOn) => set([...authentication, credential], isOn)}
        />
        <Toggle
          word={spec.keyOptional}
          meaning={spec.keyOptionalMeaning}
          isOn={isKeyOptional}
          isDisabled={isDisabled}
          fault={isKeyOptional ? apiKey : undefined}
          onChange={(isOn) => set([...authentication, 'apiKey'], isOn ? 'optional' : false)}
        />
      </section>
      <section aria-label={spec.sort}>
        <h3>{spec.sort}</h3>
        <Toggle
          word={spec.login}
          meaning={spec.loginMeaning}
          isOn={facts.isLogin}
          isDisabled={isDisabled}
          fault={faultAt(access, ['trigger', 'login'])}
          onChange={(isOn) => set(['trigger', 'login'], isOn)}
        />
        <Toggle
          word={spec.publicKeys}
          meaning={spec.publicKeysMeaning}
          isOn={facts.acceptsPublicKeys}
          isDisabled={isDisabled}
          onChange={(isOn) => set(['trigger', 'acceptsPublicKeys'], isOn)}
        />
      </section>
    </>
  )
}
