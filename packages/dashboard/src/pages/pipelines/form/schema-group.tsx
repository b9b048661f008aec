import { ActionIcon, Button } from '@mantine/core'
import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { Disclosure } from './disclosure.tsx'
import { Icon } from '../../../parts/icon.tsx'
import { State } from '../../../parts/state.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { plain } from '../schema/about.ts'
import { childOf, choiceOf, memberOf, type Path } from '../schema/walk.ts'
import { Toggle } from '../spec/toggle.tsx'
import { fieldKind, firstValue, withoutNull } from './field-kind.ts'
import { type FormAccess, faultAt, faultCount, pointerOf } from './form-access.ts'
import { labelOf } from './labels.ts'
import { NamedTexts } from './named-texts.tsx'
import { type FieldProps, SchemaField, TextOnly } from './schema-field.tsx'
import classes from './schema-form.module.css'

interface SchemaFieldsProps {
  /** The schema of the object that the fields belong to. */
  readonly schema: JsonSchema
  readonly value: unknown
  readonly path: Path
  /** Which of its fields, in their order. */
  readonly names: readonly string[]
  readonly access: FormAccess
}

/** Fields of an object: those with one value, and below them those with fields of their own, each closed. */
export function SchemaFields({ schema, value, path, names, access }: SchemaFieldsProps) {
  const fields = names.flatMap((name): readonly FieldProps[] => {
    const child = childOf(schema, name)
    if (child === undefined) return []
    const own = { path: [...path, name], value: memberOf(value, name) }
    return [{ ...own, schema: child, isRequired: schema.required?.includes(name) === true, access }]
  })
  return (
    <>
      {fields
        .filter((field) => !isPart(field))
        .map((field) => (
          <SchemaField key={String(field.path.at(-1))} {...field} />
        ))}
      {fields.some(isPart) && (
        <div>
          {fields.filter(isPart).map((field) => (
            <SchemaGroup key={String(field.path.at(-1))} {...field} />
          ))}
        </div>
      )}
    </>
  )
}

/** Whether a field has fields of its own. */
function isPart({ schema }: FieldProps): boolean {
  return ['group', 'rows', 'names'].includes(fieldKind(schema, undefined))
}

/** A field that has fields of its own, closed until it is needed. */
function SchemaGroup(props: FieldProps) {
  const { value, path, access } = props
  return (
    <Disclosure title={labelOf(path)} aside={<Amount value={value} faults={faultCount(access, [path])} />}>
      <GroupContent {...props} />
    </Disclosure>
  )
}

interface AmountProps {
  readonly value: unknown
  readonly faults: number
}

/** How much a closed group has, or what is wrong in it. */
function Amount({ value, faults }: AmountProps) {
  const { groups } = t.specForm
  if (faults > 0) return <State tone="bad">{t.pipeline.spec.problems(faults)}</State>
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return groups.entries(value.length)
  const amount = typeof value === 'object' ? Object.keys(value).length : 0
  return amount === 0 ? groups.on : groups.fields(amount)
}

function GroupContent(props: FieldProps) {
  const { schema, value, path, access } = props
  const description = plain(withoutNull(schema).description)
  switch (fieldKind(schema, value)) {
    case 'group':
      return <ObjectFields {...props} />
    case 'rows':
      return <Rows {...props} />
    case 'names':
      return (
        <>
          <p className={text.meta}>{description}</p>
          <NamedTexts {...props} />
        </>
      )
    default:
      return <TextOnly path={path} description={description} value={value} access={access} />
  }
}

/** An object that is there or not, and its fields while it is. */
function ObjectFields({ schema, value, path, isRequired, access }: FieldProps) {
  const isOn = value !== undefined && value !== null
  const own = choiceOf(withoutNull(schema), value ?? {})
  return (
    <>
      {!isRequired && (
        <Toggle
          word={t.specForm.groups.use(labelOf(path))}
          meaning={plain(own.description)}
          isOn={isOn}
          isDisabled={access.isDisabled}
          fault={faultAt(access, path)}
          onChange={(on) => access.set(path, on ? firstValue(own, timestampNow()) : undefined)}
        />
      )}
      {isOn && (
        <SchemaFields
          schema={own}
          value={value}
          path={path}
          names={Object.keys(own.properties ?? {})}
          access={access}
        />
      )}
    </>
  )
}

/** Now, without fractions of a second. */
function timestampNow(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}

/** A list of objects, each as fields. */
function Rows({ schema, value, path, access }: FieldProps) {
  const { items = {}, maxItems = Infinity, description } = withoutNull(schema)
  const { rows: words } = t.specForm
  const rows = (Array.isArray(value) ? value : []).map((row: unknown, index) => {
    const own = [...path, index]
    return { row, index, own, pointer: pointerOf(own) }
  })
  const fault = faultAt(access, path)
  const what = labelOf(path)
  const remove = (index: number): void => access.set(rows.length === 1 ? path : [...path, index], undefined)
  return (
    <>
      <p className={text.meta}>{plain(description)}</p>
      {fault !== undefined && <p className={classes.fault}>{fault}</p>}
      {rows.map(({ row, index, own, pointer }) => (
        <fieldset key={pointer} className={classes.row}>
          <legend>{words.name(what, index + 1)}</legend>
          <SchemaFields
            schema={items}
            value={row}
            path={own}
            names={Object.keys(items.properties ?? {})}
            access={access}
          />
          {!access.isDisabled && (
            <ActionIcon
              className={classes.remove}
              variant="subtle"
              aria-label={words.remove(what, index + 1)}
              onClick={() => remove(index)}
            >
              <Icon small name="close" />
            </ActionIcon>
          )}
        </fieldset>
      ))}
      {!access.isDisabled && rows.length < maxItems && (
        <div>
          <Button
            size="compact-xs"
            leftSection={<Icon small name="plus" />}
            aria-label={words.addTo(what)}
            onClick={() => access.set([...path, rows.length], firstValue(items, timestampNow()))}
          >
            {words.add}
          </Button>
        </div>
      )}
    </>
  )
}
