import { Checkbox } from '@mantine/core'
import { t } from '../../texts/texts.ts'
import layout from '../layers/form.module.css'
import { EVENT_GROUPS, type EventType } from './event-groups.ts'

interface EventChoiceProps<Type extends EventType> {
  /** Those that can be chosen. */
  readonly types: readonly Type[]
  readonly value: readonly Type[]
  readonly onChange: (value: Type[]) => void
}

/** Which types of events: a box for each, by what it is about. */
export function EventChoice<Type extends EventType>({ types, value, onChange }: EventChoiceProps<Type>) {
  return EVENT_GROUPS.map((group) => (
    <fieldset key={group.name} className={layout.field}>
      <legend>{t.events.groups[group.name]}</legend>
      <div className={layout.choices}>
        {types
          .filter((type) => group.types.includes(type))
          .map((type) => (
            <Checkbox
              key={type}
              size="xs"
              label={t.events.words[type]}
              checked={value.includes(type)}
              onChange={({ currentTarget: { checked } }) =>
                onChange(checked ? [...value, type] : value.filter((each) => each !== type))
              }
            />
          ))}
      </div>
    </fieldset>
  ))
}
