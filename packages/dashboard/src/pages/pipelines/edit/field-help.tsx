import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { helpAt } from '../schema/about.ts'
import classes from './spec-tab.module.css'

interface FieldHelpProps {
  readonly id: string
  readonly spec: string
  /** The place of the cursor; undefined before it was in the text. */
  readonly cursor: number | undefined
}

/** What the field at the cursor means: the same as the pointer shows on a field. */
export function FieldHelp({ id, spec, cursor }: FieldHelpProps) {
  const help = cursor === undefined ? undefined : helpAt(spec, cursor, false)
  if (help === undefined) {
    return (
      <p id={id} className={classes.help}>
        <span className={text.dim}>{t.specEditor.hint}</span>
      </p>
    )
  }
  const [first = '', ...more] = help.about.split('\n')
  return (
    <p id={id} className={classes.help}>
      <code>{help.name}</code> {first} <span className={text.dim}>{more.join(t.specEditor.separator)}</span>
    </p>
  )
}
