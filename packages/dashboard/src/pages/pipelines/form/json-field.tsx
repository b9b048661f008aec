import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../../texts/texts.ts'
import { plain } from '../schema/about.ts'
import { typesOf } from '../schema/walk.ts'
import type { FieldProps } from './field-props.ts'
import { withoutNull } from './field-kind.ts'
import { placedFault, pointerOf } from './form-access.ts'
import { jsonProblem, jsonText, jsonValue } from './json-text.ts'
import { labelOf } from './labels.ts'
import classes from './schema-form.module.css'

/** A field for any value, such as a JSON Schema, as JSON. While its text is no JSON, the spec has it as a text. */
export function JsonField({
  schema: whole,
  value,
  path,
  label = labelOf(path),
  isRequired,
  access,
}: FieldProps) {
  const schema = withoutNull(whole)
  const { fields, json } = t.specForm
  const [typed, setTyped] = useState({ text: jsonText(value), value })
  // The text of the spec has changed beside the field.
  if (!isSame(typed.value, value)) setTyped({ text: jsonText(value), value })
  const types = typesOf(schema)
  const takesText = types.length === 0 || types.includes('string')
  const problem = jsonProblem(typed.text, takesText)
  return (
    <div>
      <Textarea
        label={label}
        description={plain(schema.description)}
        placeholder={types.includes('object') ? json.schemaExample : ''}
        classNames={{ input: classes.code }}
        disabled={access.isDisabled}
        required={isRequired}
        error={problem ?? placedFault(access, path)}
        autosize
        minRows={2}
        maxRows={16}
        spellCheck={false}
        value={typed.text}
        onChange={({ currentTarget }) => {
          const next = { text: currentTarget.value, value: jsonValue(currentTarget.value, isRequired) }
          setTyped(next)
          if (!isSame(next.value, typed.value)) access.set(path, next.value)
        }}
      />
      {value !== undefined && (
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={fields.showNamed(label)}
          onClick={() => access.show(pointerOf(path))}
        >
          {fields.show}
        </Button>
      )}
    </div>
  )
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
