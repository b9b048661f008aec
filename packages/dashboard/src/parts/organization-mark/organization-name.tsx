import type { Organization } from '@sallyport/sdk'
import { OrganizationMark } from './organization-mark.tsx'
import classes from './organization-name.module.css'

/** The name of an organization with its mark, as the pages of its consumers begin. */
export function OrganizationName({ name, color }: Pick<Organization, 'name' | 'color'>) {
  return (
    <span className={classes.organization}>
      <OrganizationMark name={name} color={color} />
      <span className={classes.name}>{name}</span>
    </span>
  )
}
