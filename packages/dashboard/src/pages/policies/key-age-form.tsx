import { Button, NumberInput, Select } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { KeyAge } from '@sallyport/sdk'
import { useState } from 'react'
import { Overtaken } from '../../data/edits/overtaken.ts'
import { type EditFields, valueField } from '../../parts/edits/fields.ts'
import { useEdit } from '../../parts/edits/use-edit.ts'
import { Confirm } from '../../parts/layers/confirm.tsx'
import { Failure } from '../../parts/states/failure.tsx'
import { Note } from '../../parts/states/note.tsx'
import { SmallTable } from '../../parts/table/small-table.tsx'
import text from '../../parts/text.module.css'
import { When } from '../../parts/when.tsx'
import { IN_LANDMARK } from '../../parts/layers/in-landmark.ts'
import { t } from '../../texts/texts.ts'
import cards from './access-policies.module.css'
import classes from './key-ages.module.css'
import { useSetKeyAge } from './mutations.ts'
import { type KeyAgeValues, keyAgeEffectQuery, type PlacedKeyAge } from './queries.ts'

interface KeyAgeFormProps {
  readonly organization: string
  readonly placed: PlacedKeyAge
  readonly mayChange: boolean
}

const REMINDERS = ['none', '90', '180'] as const
const LIFETIME_DAYS_MAX = 3_650

function valuesOf(age: KeyAge | null): KeyAgeValues {
  return {
    rotationReminderDays: age?.rotationReminderDays ?? null,
    maxLifetimeDays: age?.maxLifetimeDays ?? null,
  }
}

const { age: words } = t.policies

const FIELDS: EditFields<KeyAgeValues> = {
  rotationReminderDays: valueField(words.reminder, (days) => words.reminders[days ?? 'none']),
  maxLifetimeDays: valueField(words.lifetime, (days) => words.lifetimeDays(days)),
}

/** What holds for the age of keys somewhere, and which keys another maximum would stop. */
export function KeyAgeForm({ organization, placed, mayChange }: KeyAgeFormProps) {
  const { environment, age } = placed
  const { policies, parts } = t
  const where = environment === undefined ? policies.age.organization : policies.age.environment(environment)
  const spoken = where.charAt(0).toLowerCase() + where.slice(1)
  const set = useSetKeyAge(organization, environment, spoken)
  const [asks, setAsks] = useState(false)
  const edit = useEdit<KeyAge, KeyAgeValues>({
    shown: age,
    valuesOf,
    fields: FIELDS,
    saving: set,
    save() {
      set.reset()
      setAsks(true)
    },
    opensWith: 'first-change',
  })
  const { values, isChanged } = edit
  const effect = useQuery({
    ...keyAgeEffectQuery(organization, environment, values),
    enabled: isChanged && mayChange,
    placeholderData: keepPreviousData,
  })
  const send = (): void =>
    set.mutate(
      { ...values, seen: edit.seen },
      {
        onSuccess() {
          setAsks(false)
          edit.discard()
        },
        // The form shows what is different, and what that would stop, before it is asked again.
        onError(error) {
          if (error instanceof Overtaken) setAsks(false)
        },
      },
    )
  return (
    <section aria-label={policies.age.edit(spoken)} className={classes.form}>
      <h2 className={cards.heading}>{policies.age.edit(spoken)}</h2>
      <Select
        comboboxProps={IN_LANDMARK}
        label={policies.age.reminder}
        data={REMINDERS.map((value) => ({ value, label: policies.age.reminders[value] }))}
        value={values.rotationReminderDays === null ? 'none' : String(values.rotationReminderDays)}
        allowDeselect={false}
        disabled={!mayChange}
        onChange={(chosen) =>
          edit.set({
            rotationReminderDays: chosen === '90' ? 90 : chosen === '180' ? 180 : null,
          })
        }
      />
      <NumberInput
        label={policies.age.lifetime}
        description={policies.age.lifetimeHint}
        min={1}
        max={LIFETIME_DAYS_MAX}
        allowDecimal={false}
        hideControls
        disabled={!mayChange}
        value={values.maxLifetimeDays ?? ''}
        onChange={(value) => edit.set({ maxLifetimeDays: typeof value === 'number' ? value : null })}
      />
      {!mayChange && <p className={text.meta}>{policies.mayNot}</p>}
      {edit.overtaken !== undefined && <Failure error={set.error} overtaken={edit.overtaken} />}
      {isChanged && effect.error !== null && (
        <Failure error={effect.error} retry={() => void effect.refetch()} />
      )}
      {isChanged && effect.data !== undefined && (
        <>
          <Note
            tone={effect.data.affectedTotal === 0 ? 'plain' : 'warn'}
            title={policies.age.stops(effect.data.affectedTotal, effect.data.affectedTotalIsExact)}
          />
          {effect.data.affected.length > 0 && (
            <SmallTable
              isWrapping
              caption={policies.age.stopsCaption}
              columns={[{ word: policies.age.key }, { word: policies.age.stopsAt }]}
            >
              {effect.data.affected.map(({ key, name, stopsAt }) => (
                <tr key={key}>
                  <td>{name}</td>
                  <td>
                    <When at={stopsAt} />
                  </td>
                </tr>
              ))}
            </SmallTable>
          )}
          {edit.overtaken === undefined && (
            <div>
              <Button variant="filled" onClick={edit.save}>
                {policies.age.submit}
              </Button>
            </div>
          )}
        </>
      )}
      {asks && (
        <Confirm
          title={policies.age.confirmTitle(spoken)}
          submit={policies.age.confirmSubmit}
          typed={environment ?? organization}
          isPending={set.isPending}
          error={set.error}
          onSubmit={send}
          onClose={() => setAsks(false)}
        >
          <p>
            {policies.age.stops(effect.data?.affectedTotal ?? 0, effect.data?.affectedTotalIsExact ?? true)}
          </p>
          <p className={text.meta}>{parts.typeToConfirm(environment ?? organization)}</p>
        </Confirm>
      )}
    </section>
  )
}
