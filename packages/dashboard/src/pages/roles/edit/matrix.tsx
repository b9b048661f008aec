import { Checkbox } from '@mantine/core'
import type { Grant, Permission } from '../../../data/grants.ts'
import { hasEnvironment, PERMISSIONS } from '../../../parts/roles/permissions.ts'
import { t } from '../../../texts/texts.ts'
import { grantOf, has } from './grants.ts'
import classes from './matrix.module.css'

interface MatrixProps {
  readonly environments: readonly string[]
  readonly grants: readonly Grant[]
  /** Whether the person may give it. */
  readonly mayGive: (grant: Grant) => boolean
  readonly onAdd: (grant: Grant) => void
  readonly onRemove: (grant: Grant) => void
}

/** Permissions, each with a box for everywhere and one for each environment. */
export function Matrix(props: MatrixProps) {
  const { edit, resources } = t.rolePages
  const groups = Map.groupBy(PERMISSIONS, (permission) => permission.split('.')[0] ?? '')
  return (
    <div className={classes.frame}>
      <table className={classes.matrix}>
        <caption className={classes.caption}>{edit.matrix}</caption>
        <thead>
          <tr>
            <th scope="col">{edit.permission}</th>
            <th scope="col" className={classes.place}>
              {edit.everywhere}
            </th>
            {props.environments.map((environment) => (
              <th key={environment} scope="col" className={classes.place}>
                {environment}
              </th>
            ))}
          </tr>
        </thead>
        {[...groups].map(([resource, permissions]) => (
          <tbody key={resource}>
            <tr className={classes.group}>
              <th scope="rowgroup" colSpan={props.environments.length + 2}>
                {(resources as Readonly<Record<string, string>>)[resource]}
              </th>
            </tr>
            {permissions.map((permission) => (
              <Row key={permission} {...props} permission={permission} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

function Row({ permission, ...props }: MatrixProps & { readonly permission: Permission }) {
  const { environments, grants } = props
  const { edit, about } = t.rolePages
  const isEverywhere = has(grants, grantOf(permission, undefined))
  return (
    <tr>
      <th scope="row">
        <code>{permission}</code>
        <span className={classes.about}>{about[permission]}</span>
      </th>
      <td>
        <Cell {...props} grant={grantOf(permission, undefined)} place={edit.everywhere} />
      </td>
      {environments.map((environment) => (
        <td key={environment}>
          {hasEnvironment(permission) && (
            <Cell
              {...props}
              grant={grantOf(permission, environment)}
              place={environment}
              isIncluded={isEverywhere}
            />
          )}
        </td>
      ))}
    </tr>
  )
}

interface CellProps extends MatrixProps {
  readonly grant: Grant
  readonly place: string
  /** Whether it holds everywhere, and so here too. */
  readonly isIncluded?: boolean
}

function Cell({ grants, grant, place, isIncluded = false, mayGive, onAdd, onRemove }: CellProps) {
  const isOn = has(grants, grant)
  return (
    <label className={classes.cell}>
      <Checkbox
        size="xs"
        aria-label={t.rolePages.edit.cell(grant.permission, place)}
        checked={isOn || isIncluded}
        disabled={isIncluded || (!isOn && !mayGive(grant))}
        onChange={() => (isOn ? onRemove : onAdd)(grant)}
      />
      <span className={classes.word} aria-hidden="true">
        {place}
      </span>
    </label>
  )
}
