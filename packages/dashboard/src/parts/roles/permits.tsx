import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ScopedPermission } from '../../data/permissions.ts'
import { permitsQuery } from '../../data/roles.ts'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import text from '../text.module.css'
import { PERMISSIONS } from './permissions.ts'
import { byPermission } from './role-words.ts'
import classes from './roles.module.css'

/** How many permissions are listed at first. */
const SHOWN = 6

interface PermitsProps {
  readonly organization: string
  readonly roles: readonly string[]
  readonly title?: string
}

/** What roles permit together. */
export function Permits({ organization, roles, title = t.roles.permits }: PermitsProps) {
  const { may } = usePlace()
  const { data } = useQuery({ ...permitsQuery(organization, roles), enabled: may('roles.read') })
  if (data === undefined) return null
  return <PermitsList title={title} permissions={data} />
}

interface PermitsListProps {
  readonly title: string
  readonly permissions: readonly ScopedPermission[]
}

export function PermitsList({ title, permissions }: PermitsListProps) {
  const [showsAll, setShowsAll] = useState(false)
  const all = byPermission(permissions)
  const shown = showsAll || all.length <= SHOWN + 1 ? all : all.slice(0, SHOWN)
  return (
    <div className={classes.permits} role="status">
      <div className={classes.head}>
        <h3>{title}</h3>
        <span className={`${classes.aside} ${text.meta}`}>
          {t.roles.permitsCount(all.length, PERMISSIONS.length)}
        </span>
      </div>
      {all.length === 0 ? (
        <p className={text.meta}>{t.roles.permitsNothing}</p>
      ) : (
        <ul>
          {shown.map(({ permission, places }) => (
            <li key={permission} className={classes.permission}>
              <code>{permission}</code>
              <span className={text.meta}>{places.join(', ')}</span>
            </li>
          ))}
        </ul>
      )}
      {shown.length < all.length && (
        <div className={classes.more}>
          <Button size="compact-xs" variant="subtle" onClick={() => setShowsAll(true)}>
            {t.roles.showAll(all.length)}
          </Button>
        </div>
      )}
    </div>
  )
}
