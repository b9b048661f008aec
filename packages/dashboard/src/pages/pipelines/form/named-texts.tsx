import { ActionIcon, Button, Select, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../../../parts/icon.tsx'
import { IN_LANDMARK } from '../../../parts/layers/in-landmark.ts'
import { t } from '../../../texts/texts.ts'
import { isMembers, memberOf, type Path } from '../schema/walk.ts'
import { type FormAccess, faultWithin } from './form-access.ts'
import { NAME_RULES, ruleOf, rulesOf, ruleValue } from './name-rules.ts'
import { type FieldProps, TextOnly } from './schema-field.tsx'
import classes from './schema-form.module.css'

/** Texts by free names, such as headers: one in each row, and a field for a further name. */
export function NamedTexts({ schema, value, path, access }: FieldProps) {
  const names = isMembers(value) ? Object.keys(value) : []
  const rules = rulesOf(schema)
  const remove = (name: string): void => access.set(names.length === 1 ? path : [...path, name], undefined)
  return (
    <>
      {names.map((name) => (
        <NamedText
          key={name}
          name={name}
          value={memberOf(value, name)}
          rules={rules}
          path={[...path, name]}
          access={access}
          onRemove={() => remove(name)}
        />
      ))}
      {!access.isDisabled && <NewName taken={names} onAdd={(name) => access.set([...path, name], '')} />}
    </>
  )
}

interface NamedTextProps {
  readonly name: string
  readonly value: unknown
  readonly rules: readonly string[]
  readonly path: Path
  readonly access: FormAccess
  readonly onRemove: () => void
}

function NamedText({ name, value, rules, path, access, onRemove }: NamedTextProps) {
  const { names: words } = t.specForm
  const rule = ruleOf(value)
  if (rule === undefined) {
    return <TextOnly path={path} description="" value={value} access={access} />
  }
  const common = {
    'aria-label': words.value(name),
    disabled: access.isDisabled,
    spellCheck: false,
    error: faultWithin(access, path),
  } as const
  const ownText = typeof value === 'string' ? value : memberOf(value, 'from')
  return (
    <fieldset className={classes.named}>
      <legend>
        <code>{name}</code>
      </legend>
      <div className={classes.line}>
        {rules.length > 1 && (
          <Select
            className={classes.rule}
            comboboxProps={IN_LANDMARK}
            aria-label={words.rule(name)}
            data={NAME_RULES.filter((each) => rules.includes(each)).map((each) => ({
              value: each,
              label: words.rules[each],
            }))}
            value={rule}
            allowDeselect={false}
            disabled={access.isDisabled}
            onChange={(chosen) => {
              const next = NAME_RULES.find((each) => each === chosen)
              if (next !== undefined) access.set(path, ruleValue(next, value))
            }}
          />
        )}
        {rule === 'append' && (
          <TagsInput
            {...common}
            className={classes.value}
            comboboxProps={IN_LANDMARK}
            acceptValueOnBlur
            value={linesOf(value)}
            onChange={(lines) => access.set([...path, 'append'], lines)}
          />
        )}
        {(rule === 'set' || rule === 'from') && (
          <TextInput
            {...common}
            className={classes.value}
            value={typeof ownText === 'string' ? ownText : ''}
            onChange={({ currentTarget }) =>
              access.set(rule === 'set' ? path : [...path, 'from'], currentTarget.value)
            }
          />
        )}
        {!access.isDisabled && (
          <ActionIcon variant="subtle" aria-label={words.remove(name)} onClick={onRemove}>
            <Icon small name="close" />
          </ActionIcon>
        )}
      </div>
    </fieldset>
  )
}

function linesOf(value: unknown): string[] {
  const lines = memberOf(value, 'append')
  return Array.isArray(lines) ? lines.map(String) : []
}

interface NewNameProps {
  readonly taken: readonly string[]
  readonly onAdd: (name: string) => void
}

function NewName({ taken, onAdd }: NewNameProps) {
  const [name, setName] = useState('')
  const { names: words } = t.specForm
  const isTaken = taken.includes(name.trim())
  const add = (): void => {
    if (name.trim() === '' || isTaken) return
    onAdd(name.trim())
    setName('')
  }
  return (
    <div className={classes.line}>
      <TextInput
        className={classes.value}
        aria-label={words.name}
        placeholder={words.name}
        spellCheck={false}
        autoComplete="off"
        value={name}
        error={isTaken ? words.taken : undefined}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter') add()
        }}
      />
      <Button size="compact-xs" aria-disabled={name.trim() === '' || isTaken || undefined} onClick={add}>
        {words.add}
      </Button>
    </div>
  )
}
