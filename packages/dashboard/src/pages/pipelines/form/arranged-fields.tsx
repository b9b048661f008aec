import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { Disclosure } from './disclosure.tsx'
import { State } from '../../../parts/state.tsx'
import { t } from '../../../texts/texts.ts'
import { memberOf, type Path } from '../schema/walk.ts'
import { arranged } from './arrangement.ts'
import { type FormAccess, faultCount } from './form-access.ts'
import { SchemaFields } from './schema-group.tsx'
import classes from './schema-form.module.css'

interface ArrangedFieldsProps {
  readonly schema: JsonSchema
  readonly value: unknown
  readonly path: Path
  /** Fields that another form has. */
  readonly elsewhere?: readonly string[]
  readonly access: FormAccess
}

/** The fields of a trigger or a step, as the schema describes them. What is rarely needed is closed. */
export function ArrangedFields({ schema, value, path, elsewhere, access }: ArrangedFieldsProps) {
  const { open, groups, own } = arranged(schema, elsewhere)
  const common = { schema, value, path, access }
  return (
    <div className={classes.fields}>
      <SchemaFields {...common} names={open} />
      <div>
        {groups.map(({ title, names }) => (
          <Disclosure
            key={title}
            title={t.specForm.titles[title]}
            aside={
              <Amount
                set={names.filter((name) => memberOf(value, name) !== undefined).length}
                faults={faultCount(
                  access,
                  names.map((name) => [...path, name]),
                )}
              />
            }
          >
            <SchemaFields {...common} names={names} />
          </Disclosure>
        ))}
        <SchemaFields {...common} names={own} />
      </div>
    </div>
  )
}

function Amount({ set, faults }: { readonly set: number; readonly faults: number }) {
  if (faults > 0) return <State tone="bad">{t.pipeline.spec.problems(faults)}</State>
  return set > 0 && t.specForm.groups.fields(set)
}
