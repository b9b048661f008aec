import { Checkbox } from '@mantine/core'
import type { ListedRole } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { covers } from '../../data/permissions.ts'
import { rolesQuery } from '../../data/roles.ts'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { State } from '../state.tsx'
import { isBroad } from './permissions.ts'
import { aboutRole } from './role-words.ts'
import classes from './roles.module.css'

interface RolePickerProps {
  readonly organization: string
  readonly value: readonly string[]
  readonly onChange: (roles: readonly string[]) => void
  /** Whether roles that are more than a partner needs are marked. */
  readonly marksBroad?: boolean
}

/** What stands for roles that the person may not read: the built-in ones by name. */
const BUILT_IN: readonly ListedRole[] = Object.keys(t.roles.builtIn).map((name) => ({
  name,
  builtIn: true,
  permissions: [],
  createdAt: null,
  createdBy: null,
  updatedAt: null,
  updatedBy: null,
}))

/** Roles to give, the narrow ones first. What a person does not have they cannot give. */
export function RolePicker({ organization, value, onChange, marksBroad = false }: RolePickerProps) {
  const { may, facts } = usePlace()
  const { data } = useQuery({ ...rolesQuery(organization), enabled: may('roles.read') })
  const all = data ?? (may('roles.read') ? [] : BUILT_IN)
  const ordered = all.toSorted((one, other) => weight(one) - weight(other))
  return (
    <fieldset>
      <legend className={classes.legend}>
        {t.roles.legend}
        {marksBroad && <span className={classes.aside}>{t.roles.nonePreselected}</span>}
      </legend>
      <div className={classes.choices}>
        {ordered.map((role) => (
          <RoleChoice
            key={role.name}
            role={role}
            marksBroad={marksBroad}
            isChosen={value.includes(role.name)}
            mayGive={role.permissions.every((permission) => covers(facts.permissions, permission))}
            onChoose={(isChosen) =>
              onChange(isChosen ? [...value, role.name] : value.filter((name) => name !== role.name))
            }
          />
        ))}
      </div>
    </fieldset>
  )
}

function weight({ builtIn, permissions }: ListedRole): number {
  return permissions.length + (builtIn ? 1 : 0) + (isBroad(permissions) ? 1_000 : 0)
}

interface RoleChoiceProps {
  readonly role: ListedRole
  readonly marksBroad: boolean
  readonly isChosen: boolean
  readonly mayGive: boolean
  readonly onChoose: (isChosen: boolean) => void
}

function RoleChoice({ role, marksBroad, isChosen, mayGive, onChoose }: RoleChoiceProps) {
  const id = useId()
  const isDisabled = !mayGive && !isChosen
  return (
    <label className={classes.role} data-disabled={isDisabled || undefined}>
      <Checkbox
        size="xs"
        aria-labelledby={`${id}-name`}
        aria-describedby={`${id}-about`}
        disabled={isDisabled}
        checked={isChosen}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      <span>
        <span className={classes.name} id={`${id}-name`}>
          {role.name}
        </span>
        <span className={classes.about} id={`${id}-about`}>
          {isDisabled ? t.roles.beyondYou : aboutRole(role)}
        </span>
      </span>
      {marksBroad && isBroad(role.permissions) && (
        <span className={classes.broad}>
          <State tone="warn">{t.roles.broad}</State>
        </span>
      )}
    </label>
  )
}
