import type { Grant } from '../../../data/grants.ts'
import { placeOf } from '../../../parts/roles/role-words.ts'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import type { difference } from './grants.ts'
import classes from './role-editor.module.css'

interface ChangesProps {
  readonly changes: ReturnType<typeof difference>
  /** How many have the role; undefined for a new one. */
  readonly holders: number | undefined
}

/** What saving the role would change, and for how many. */
export function Changes({ changes: { added, removed }, holders }: ChangesProps) {
  const { edit } = t.rolePages
  return (
    <div className={classes.changes} role="status">
      <h2 className={classes.heading}>{edit.changes}</h2>
      {added.length + removed.length === 0 && <p className={text.meta}>{edit.noChanges}</p>}
      {added.length > 0 && <Grants title={edit.added} grants={added} />}
      {removed.length > 0 && <Grants title={edit.removed} grants={removed} />}
      {holders !== undefined && <p className={text.meta}>{edit.holders(holders)}</p>}
    </div>
  )
}

function Grants({ title, grants }: { readonly title: string; readonly grants: readonly Grant[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {grants.map((grant) => (
          <li key={grant.permission + placeOf(grant)}>
            <code>{grant.permission}</code> <span className={text.meta}>{placeOf(grant)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
