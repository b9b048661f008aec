import { SegmentedControl } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { plain } from '../schema/about.ts'
import { typesOf } from '../schema/walk.ts'
import { asVariant, variantOf, variantsOf } from './field-kind.ts'
import type { FieldProps } from './field-props.ts'
import { labelOf } from './labels.ts'
import { timestampNow } from './timestamp-now.ts'
import classes from './schema-form.module.css'

interface VariantsFieldProps extends FieldProps {
  /** Draws the field of the chosen form. */
  readonly draw: (field: FieldProps) => ReactNode
}

/** A value that has one of several forms, such as a number or an expression: which it has, and its field. */
export function VariantsField({
  schema,
  value,
  path,
  label = labelOf(path),
  isRequired,
  access,
  draw,
}: VariantsFieldProps) {
  const id = useId()
  const variants = variantsOf(schema)
  const [wanted, setWanted] = useState(0)
  const present = variantOf(variants, value)
  const chosen = present === undefined ? wanted : variants.indexOf(present)
  const variant = variants[chosen] ?? {}
  const choose = (index: number): void => {
    const next = variants[index]
    if (next === undefined) return
    setWanted(index)
    access.set(path, isRequired || value !== undefined ? asVariant(next, value, timestampNow()) : undefined)
  }
  return (
    <div className={classes.variants}>
      <span id={id} className={classes.label}>
        {t.specForm.variants.of(label)}
      </span>
      {schema.description !== undefined && <p className={text.meta}>{plain(schema.description)}</p>}
      <SegmentedControl
        size="xs"
        aria-labelledby={id}
        disabled={access.isDisabled}
        data={variants.map((each, index) => ({ value: String(index), label: wordOf(path, typesOf(each)) }))}
        value={String(chosen)}
        onChange={(index) => choose(Number(index))}
      />
      {draw({ schema: variant, value, path, label, isRequired, access })}
    </div>
  )
}

/** What a form of a field is called, by the name of the field and the type of the form. */
function wordOf(path: FieldProps['path'], types: readonly string[]): string {
  const { words, types: usual } = t.specForm.variants
  const type = types.join()
  const name = path.findLast((step) => typeof step === 'string') ?? ''
  return words[`${name}.${type}`] ?? usual[type] ?? type
}
