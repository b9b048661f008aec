import { MultiSelect, Select, TextInput } from '@mantine/core'
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
  const { facts, isReadable, mayWrite, onChange } = props
  const { spec } = t.pipeline
  const isDisabled = !isReadable || !mayWrite
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
            <Select
              comboboxProps={IN_LANDMARK}
              label={spec.kind}
              description={spec.kinds[facts.kind as keyof typeof spec.kinds]}
              data={[...EXPOSING_KINDS]}
              value={facts.kind}
              allowDeselect={false}
              disabled={isDisabled}
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
      <Select
        comboboxProps={IN_LANDMARK}
        label={spec.overlap}
        description={spec.overlaps[facts.overlap as keyof typeof spec.overlaps]}
        data={[...OVERLAPS]}
        value={facts.overlap}
        allowDeselect={false}
        disabled={isDisabled}
        onChange={(overlap) => set('overlap', overlap)}
      />
      <Select
        comboboxProps={IN_LANDMARK}
        label={spec.catchUp}
        description={spec.catchUps[facts.catchUp as keyof typeof spec.catchUps]}
        data={[...CATCH_UPS]}
        value={facts.catchUp}
        allowDeselect={false}
        disabled={isDisabled}
        onChange={(catchUp) => set('catchUp', catchUp)}
      />
    </>
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
