import { ActionIcon, Button, Select, TagsInput, TextInput } from '@mantine/core'
import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { useState } from 'react'
import { Icon } from '../../../parts/icon.tsx'
import { IN_LANDMARK } from '../../../parts/layers/in-landmark.ts'
import { t } from '../../../texts/texts.ts'
import { childOf, isMembers, memberOf, type Path } from '../schema/walk.ts'
import { withoutNull } from './field-kind.ts'
import type { FieldProps } from './field-props.ts'
import { type FormAccess, faultAt, faultWithin } from './form-access.ts'
import { byCallerSchema, NAME_RULES, type NameRule, ruleOf, rulesOf, ruleValue } from './name-rules.ts'
import { SchemaField } from './schema-field.tsx'
import classes from './schema-form.module.css'

/** Values by free names, such as headers or shared schemas: one in each row, and a field for a further name. */
export function NamedTexts({ schema, value, path, access }: FieldProps) {
  const names = isMembers(value) ? Object.keys(value) : []
  const { additionalProperties } = withoutNull(schema)
  const own = typeof additionalProperties === 'object' ? additionalProperties : {}
  const fault = faultAt(access, path)
  const isOfTexts = rulesOf(own).length > 0
  const remove = (name: string): void => access.set(names.length === 1 ? path : [...path, name], undefined)
  return (
    <>
      {fault !== undefined && <p className={classes.fault}>{fault}</p>}
      {names.map((name) => (
        <NamedValue
          key={name}
          name={name}
          schema={own}
          value={memberOf(value, name)}
          path={[...path, name]}
          access={access}
          onRemove={() => remove(name)}
        />
      ))}
      {!access.isDisabled && (
        <NewName
          word={t.specForm.names.newNames[String(path.at(-1) ?? '')] ?? t.specForm.names.name}
          taken={names}
          onAdd={(name) => access.set([...path, name], isOfTexts ? '' : {})}
        />
      )}
    </>
  )
}

interface NamedValueProps {
  readonly name: string
  readonly schema: JsonSchema
  readonly value: unknown
  readonly path: Path
  readonly access: FormAccess
  readonly onRemove: () => void
}

function NamedValue({ name, schema, value, path, access, onRemove }: NamedValueProps) {
  const { names: words } = t.specForm
  const rules = rulesOf(schema)
  const rule = rules.length === 0 ? undefined : ruleOf(value)
  return (
    <fieldset className={classes.named}>
      <legend>
        <code>{name}</code>
      </legend>
      <div className={classes.line}>
        {rule !== undefined && rules.length > 1 && (
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
        {rule === undefined ? (
          <div className={classes.value}>
            <SchemaField
              schema={schema}
              value={value}
              path={path}
              label={words.value(name)}
              isRequired
              access={access}
            />
          </div>
        ) : (
          <RuleValue name={name} rule={rule} value={value} path={path} access={access} />
        )}
        {!access.isDisabled && (
          <ActionIcon variant="subtle" aria-label={words.remove(name)} onClick={onRemove}>
            <Icon small name="close" />
          </ActionIcon>
        )}
      </div>
      {rule === 'by' && (
        <ByCaller name={name} schema={byCallerSchema(schema)} value={value} path={path} access={access} />
      )}
    </fieldset>
  )
}

interface RuleValueProps {
  readonly name: string
  readonly rule: NameRule
  readonly value: unknown
  readonly path: Path
  readonly access: FormAccess
}

/** The text, the lines or the other name of a rule that has one. */
function RuleValue({ name, rule, value, path, access }: RuleValueProps) {
  const { names: words } = t.specForm
  const common = {
    'aria-label': words.value(name),
    className: classes.value,
    disabled: access.isDisabled,
    spellCheck: false,
    error: faultWithin(access, path),
  } as const
  switch (rule) {
    case 'append':
      return (
        <TagsInput
          {...common}
          comboboxProps={IN_LANDMARK}
          acceptValueOnBlur
          value={linesOf(value)}
          onChange={(lines) => access.set([...path, 'append'], lines)}
        />
      )
    case 'set':
    case 'from': {
      const own = rule === 'set' ? value : memberOf(value, 'from')
      return (
        <TextInput
          {...common}
          value={typeof own === 'string' ? own : ''}
          onChange={({ currentTarget }) =>
            access.set(rule === 'set' ? path : [...path, 'from'], currentTarget.value)
          }
        />
      )
    }
    case 'remove':
    case 'by':
      return null
  }
}

interface ByCallerProps {
  readonly name: string
  readonly schema: JsonSchema
  readonly value: unknown
  readonly path: Path
  readonly access: FormAccess
}

/** A value for each consumer or key, and one for all others. */
function ByCaller({ name, schema, value, path, access }: ByCallerProps) {
  const { byCaller } = t.specForm
  const part = (member: string): FieldProps => ({
    schema: childOf(schema, member) ?? {},
    value: memberOf(value, member),
    path: [...path, member],
    isRequired: schema.required?.includes(member) === true,
    access,
  })
  return (
    <div className={classes.byCaller}>
      <SchemaField {...part('by')} label={byCaller.by(name)} />
      <fieldset className={classes.fields}>
        <legend>{byCaller.values(name)}</legend>
        <NamedTexts {...part('values')} />
      </fieldset>
      <SchemaField {...part('otherwise')} label={byCaller.otherwise(name)} />
    </div>
  )
}

function linesOf(value: unknown): string[] {
  const lines = memberOf(value, 'append')
  return Array.isArray(lines) ? lines.map(String) : []
}

interface NewNameProps {
  /** What is named. */
  readonly word: string
  readonly taken: readonly string[]
  readonly onAdd: (name: string) => void
}

function NewName({ word, taken, onAdd }: NewNameProps) {
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
        aria-label={word}
        placeholder={word}
        spellCheck={false}
        autoComplete="off"
        value={name}
        error={isTaken ? words.taken : undefined}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter') add()
        }}
      />
      <Button
        size="compact-xs"
        aria-label={words.addNamed(word)}
        aria-disabled={name.trim() === '' || isTaken || undefined}
        onClick={add}
      >
        {words.add}
      </Button>
    </div>
  )
}
