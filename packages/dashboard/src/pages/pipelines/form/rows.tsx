import { ActionIcon, Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Icon } from '../../../parts/icon.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { plain } from '../schema/about.ts'
import { isMembers, memberOf } from '../schema/walk.ts'
import { Disclosure } from './disclosure.tsx'
import { emptyValue, withoutNull } from './field-kind.ts'
import type { FieldProps } from './field-props.ts'
import { faultAt, faultCount, pointerOf } from './form-access.ts'
import { Amount } from './amount.tsx'
import { labelOf } from './labels.ts'
import { timestampNow } from './timestamp-now.ts'
import classes from './schema-form.module.css'

/** So many entries are open from the start. More of them are closed, so that a list of hundreds is read and drawn at once. */
const OPEN_MAX = 8

interface RowsProps extends FieldProps {
  /** Draws the fields of an entry. */
  readonly draw: (entry: FieldProps) => ReactNode
}

/** A list of values that have fields of their own. */
export function Rows({ schema, value, path, access, draw }: RowsProps) {
  const { items = {}, maxItems = Infinity, description } = withoutNull(schema)
  const { rows: words } = t.specForm
  const [added, setAdded] = useState<number>()
  const all: readonly unknown[] = Array.isArray(value) ? value : []
  const fault = faultAt(access, path)
  const what = labelOf(path)
  const entries = all.map((entry, index) => {
    const own = [...path, index]
    const name = words.name(what, index + 1)
    const fields = draw({
      schema: items,
      value: entry,
      path: own,
      label: labelOf([...path, 'entry']),
      isRequired: true,
      access,
    })
    const remove = access.isDisabled ? undefined : (
      <ActionIcon
        className={classes.remove}
        variant="subtle"
        aria-label={words.remove(what, index + 1)}
        onClick={() => access.set(all.length === 1 ? path : own, undefined)}
      >
        <Icon small name="close" />
      </ActionIcon>
    )
    return { entry, index, own, name, fields, remove, key: pointerOf(own) }
  })
  return (
    <>
      <p className={text.meta}>{plain(description)}</p>
      {fault !== undefined && <p className={classes.fault}>{fault}</p>}
      <div className={all.length > OPEN_MAX ? undefined : classes.fields}>
        {entries.map(({ entry, index, own, name, fields, remove, key }) =>
          all.length > OPEN_MAX ? (
            <Disclosure
              key={key}
              title={summaryOf(entry) ?? name}
              aside={<Amount value={undefined} faults={faultCount(access, [own])} />}
              startsOpen={index === added}
            >
              <fieldset className={classes.row}>
                <legend>{name}</legend>
                {fields}
                {remove}
              </fieldset>
            </Disclosure>
          ) : (
            <fieldset key={key} className={classes.row}>
              <legend>{name}</legend>
              {fields}
              {remove}
            </fieldset>
          ),
        )}
      </div>
      {!access.isDisabled && all.length < maxItems && (
        <div>
          <Button
            size="compact-xs"
            leftSection={<Icon small name="plus" />}
            aria-label={words.addTo(what)}
            onClick={() => {
              setAdded(all.length)
              access.set([...path, all.length], emptyValue(withoutNull(items), timestampNow()))
            }}
          >
            {words.add}
          </Button>
        </div>
      )}
    </>
  )
}

/** The texts of an entry, such as the path and the methods of a route; undefined if it has none. */
function summaryOf(entry: unknown): string | undefined {
  const values = isMembers(entry) ? Object.keys(entry).map((name) => memberOf(entry, name)) : [entry]
  const texts = values.flat().filter((each) => typeof each === 'string' && each !== '')
  return texts.length === 0 ? undefined : texts.join(' ')
}
