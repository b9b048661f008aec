import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import type { ReactNode } from 'react'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { plain } from '../schema/about.ts'
import { childOf, choiceOf, memberOf, type Path } from '../schema/walk.ts'
import { Toggle } from '../spec/toggle.tsx'
import { Amount } from './amount.tsx'
import { Disclosure } from './disclosure.tsx'
import { fieldKind, firstValue, isPart, withoutNull } from './field-kind.ts'
import type { FieldProps } from './field-props.ts'
import { type FormAccess, faultAt, faultCount } from './form-access.ts'
import { labelOf } from './labels.ts'
import { NamedTexts } from './named-texts.tsx'
import { Rows } from './rows.tsx'
import { SchemaField } from './schema-field.tsx'
import { timestampNow } from './timestamp-now.ts'
import { VariantsField } from './variants-field.tsx'

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
  const [open, parts] = [
    fields.filter((each) => !isPart(each.schema)),
    fields.filter((each) => isPart(each.schema)),
  ]
  return (
    <>
      {open.map((field) => (
        <div key={String(field.path.at(-1))}>{drawn(field)}</div>
      ))}
      {parts.length > 0 && (
        <div>
          {parts.map((field) => (
            <SchemaGroup key={String(field.path.at(-1))} {...field} />
          ))}
        </div>
      )}
    </>
  )
}

/** A value as its schema describes it, in the place where it is filled in. */
function drawn(field: FieldProps): ReactNode {
  const { schema, value } = field
  switch (fieldKind(schema, value)) {
    case 'group': {
      const own = choiceOf(withoutNull(schema), value)
      return <SchemaFields {...field} schema={own} names={Object.keys(own.properties ?? {})} />
    }
    case 'rows':
      return <Rows {...field} draw={drawn} />
    case 'names':
      return <NamedTexts {...field} />
    case 'variants':
      return <VariantsField {...field} draw={drawn} />
    default:
      return <SchemaField {...field} />
  }
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

function GroupContent(props: FieldProps) {
  const { schema, value } = props
  switch (fieldKind(schema, value)) {
    case 'group':
      return <ObjectFields {...props} />
    case 'names':
      return (
        <>
          <p className={text.meta}>{plain(withoutNull(schema).description)}</p>
          {drawn(props)}
        </>
      )
    default:
      return drawn(props)
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
