import { MultiSelect, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core'
import { IN_LANDMARK } from '../../../parts/layers/in-landmark.ts'
import { t } from '../../../texts/texts.ts'
import { plain } from '../schema/about.ts'
import type { Path } from '../schema/walk.ts'
import { Toggle } from '../spec/toggle.tsx'
import { fieldKind, withoutNull } from './field-kind.ts'
import type { FieldProps } from './field-props.ts'
import { faultAt, faultWithin } from './form-access.ts'
import { JsonField } from './json-field.tsx'
import { labelOf } from './labels.ts'

/** From so many characters on, a text may have several lines. */
const LINES_FROM_CHARS = 500

/** A field with one value or a list of texts, as its schema describes it. */
export function SchemaField(props: FieldProps) {
  const { schema: whole, value, path, label = labelOf(path), isRequired, access } = props
  const schema = withoutNull(whole)
  const kind = fieldKind(whole, value)
  const { fields } = t.specForm
  const common = {
    label,
    description: plain(schema.description),
    disabled: access.isDisabled,
    required: isRequired,
    error: faultAt(access, path),
  }
  const set = (chosen: unknown): void => access.set(path, chosen)
  const usual = schema.default === undefined ? '' : fields.usual(schema.default)
  switch (kind) {
    case 'switch':
      return (
        <Toggle
          word={common.label}
          meaning={common.description}
          isOn={(value ?? schema.default) === true}
          isDisabled={access.isDisabled}
          fault={common.error}
          onChange={set}
        />
      )
    case 'choice':
      return (
        <Select
          {...common}
          comboboxProps={IN_LANDMARK}
          data={(schema.enum ?? []).map(String)}
          placeholder={usual}
          value={typeof value === 'string' ? value : null}
          allowDeselect={!isRequired}
          clearable={!isRequired}
          onChange={(chosen) => set(chosen ?? undefined)}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...common}
          placeholder={usual}
          allowDecimal={schema.type === 'number'}
          allowNegative={false}
          hideControls
          value={typeof value === 'number' ? value : ''}
          onChange={(chosen) => set(typeof chosen === 'number' ? chosen : undefined)}
        />
      )
    case 'text':
      return <TextField {...props} common={common} usual={usual} />
    case 'texts':
    case 'choices':
    case 'numbers':
      return <ListField {...props} common={{ ...common, error: faultWithin(access, path) }} usual={usual} />
    default:
      return <JsonField {...props} />
  }
}

interface Common {
  readonly label: string
  readonly description: string
  readonly disabled: boolean
  readonly required: boolean
  readonly error: string | undefined
}

interface PartProps extends FieldProps {
  readonly common: Common
  /** The default, in words. */
  readonly usual: string
}

function TextField({ schema, value, path, isRequired, access, common, usual }: PartProps) {
  const { maxLength = LINES_FROM_CHARS } = withoutNull(schema)
  const set = (chosen: string): void => access.set(path, chosen === '' && !isRequired ? undefined : chosen)
  const own = typeof value === 'string' ? value : ''
  const isLong =
    own.includes('\n') || (maxLength >= LINES_FROM_CHARS && t.specForm.longFields.includes(nameOf(path)))
  return isLong ? (
    <Textarea
      {...common}
      autosize
      minRows={1}
      maxRows={8}
      spellCheck={false}
      placeholder={usual}
      value={own}
      onChange={({ currentTarget }) => set(currentTarget.value)}
    />
  ) : (
    <TextInput
      {...common}
      spellCheck={false}
      autoComplete="off"
      placeholder={usual}
      value={own}
      onChange={({ currentTarget }) => set(currentTarget.value)}
    />
  )
}

function nameOf(path: Path): string {
  return String(path.at(-1) ?? '')
}

function ListField({ schema: whole, value, path, isRequired, access, common, usual }: PartProps) {
  const { items } = withoutNull(whole)
  const isOfNumbers = fieldKind(whole, undefined) === 'numbers'
  const list = Array.isArray(value) ? value.map(String) : []
  const shared = {
    ...common,
    comboboxProps: IN_LANDMARK,
    placeholder: list.length === 0 ? usual : '',
    value: list,
    onChange: (chosen: string[]): void =>
      access.set(
        path,
        chosen.length === 0 && !isRequired ? undefined : isOfNumbers ? chosen.map(asNumber) : chosen,
      ),
  }
  return items?.enum === undefined ? (
    <TagsInput {...shared} acceptValueOnBlur spellCheck={false} />
  ) : (
    <MultiSelect {...shared} data={items.enum.map(String)} />
  )
}

/** A whole number as such; anything else stays as it was typed, so that its fault is told. */
function asNumber(typed: string): number | string {
  return /^\d{1,15}$/.test(typed) ? Number(typed) : typed
}
