import { MultiSelect, Select, TagsInput, TextInput } from '@mantine/core'
import type { Document } from 'yaml'
import { Note } from '../../../parts/states/note.tsx'
import { IN_LANDMARK } from '../../../parts/layers/in-landmark.ts'
import { t } from '../../../texts/texts.ts'
import type { Violation } from '../spec/fixes.ts'
import { CredentialToggles } from '../spec/credential-toggles.tsx'
import { setAt } from '../spec/spec-text.ts'
import { Toggle } from '../spec/toggle.tsx'
import classes from './trigger-form.module.css'
import {
  CATCH_UPS,
  EXPOSING_KINDS,
  METHODS,
  OVERLAPS,
  TIME_ZONE_DEFAULT,
  type TriggerFacts,
} from '../spec/trigger-facts.ts'

interface TriggerFormProps {
  readonly facts: TriggerFacts
  /** Whether the text can be read. If not, the form shows what it said last. */
  readonly isReadable: boolean
  readonly mayWrite: boolean
  readonly violations: readonly Violation[]
  readonly onChange: (change: (document: Document) => void) => void
}

/** The trigger of a spec as a form. Each change is one of the text beside it. */
export function TriggerForm(props: TriggerFormProps) {
  const { facts, isReadable, mayWrite, violations, onChange } = props
  const { spec } = t.pipeline
  const isDisabled = !isReadable || !mayWrite
  const hostsFault = violations.find(({ path }) => path === '/trigger/hosts')
  const set = (name: string, value: unknown): void =>
    onChange((document) => setAt(document, ['trigger', name], value))
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
              spellCheck={false}
              value={facts.path ?? ''}
              onChange={({ currentTarget: { value } }) => set('path', value === '' ? undefined : value)}
            />
            <MultiSelect
              comboboxProps={IN_LANDMARK}
              label={spec.methods}
              placeholder={facts.methods === null ? spec.everyMethod : ''}
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
            error={hostsFault && spec.faultOf(hostsFault)}
            disabled={isDisabled}
            spellCheck={false}
            value={[...(facts.hosts ?? [])]}
            onChange={(hosts) => set('hosts', hosts.length === 0 ? undefined : hosts)}
          />
          <Callers {...props} isDisabled={isDisabled} />
        </>
      ) : (
        <ScheduleFields {...props} isDisabled={isDisabled} />
      )}
    </div>
  )
}

type PartProps = TriggerFormProps & { readonly isDisabled: boolean }

/** When a pipeline without callers starts. */
function ScheduleFields({ facts, isDisabled, onChange }: PartProps) {
  const { spec } = t.pipeline
  const set = (name: string, value: unknown): void =>
    onChange((document) => setAt(document, ['trigger', name], value))
  return (
    <>
      <TextInput
        label={spec.schedule}
        description={spec.scheduleHint}
        disabled={isDisabled}
        value={facts.schedule ?? ''}
        onChange={({ currentTarget }) => set('schedule', currentTarget.value)}
      />
      <TextInput
        label={spec.timeZone}
        description={spec.timeZoneHint}
        placeholder={TIME_ZONE_DEFAULT}
        disabled={isDisabled}
        spellCheck={false}
        value={facts.timeZone ?? ''}
        onChange={({ currentTarget: { value } }) => set('timeZone', value === '' ? undefined : value)}
      />
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
function Callers({ facts, isDisabled, violations, onChange }: PartProps) {
  const { spec } = t.pipeline
  const faultAt = (path: string): string | undefined => {
    const found = violations.find((violation) => violation.path === path)
    return found === undefined ? undefined : spec.faultOf(found)
  }
  const set = (path: readonly string[], value: boolean): void =>
    onChange((document) => setAt(document, ['trigger', ...path], value))
  const [apiKey, jwt] = [faultAt('/trigger/authentication/apiKey'), faultAt('/trigger/authentication/jwt')]
  return (
    <>
      <section aria-label={spec.authentication}>
        <h3>{spec.authentication}</h3>
        <CredentialToggles
          required={facts.required}
          isKeyOptional={facts.isKeyOptional}
          isDisabled={isDisabled}
          faults={{ ...(apiKey !== undefined && { apiKey }), ...(jwt !== undefined && { jwt }) }}
          onChange={(credential, isOn) => set(['authentication', credential], isOn)}
        />
      </section>
      <section aria-label={spec.sort}>
        <h3>{spec.sort}</h3>
        <Toggle
          word={spec.login}
          meaning={spec.loginMeaning}
          isOn={facts.isLogin}
          isDisabled={isDisabled}
          fault={faultAt('/trigger/login')}
          onChange={(isOn) => set(['login'], isOn)}
        />
        <Toggle
          word={spec.publicKeys}
          meaning={spec.publicKeysMeaning}
          isOn={facts.acceptsPublicKeys}
          isDisabled={isDisabled}
          onChange={(isOn) => set(['acceptsPublicKeys'], isOn)}
        />
      </section>
    </>
  )
}
