import type { Organization } from '@sallyport/sdk'
import classes from './organization-mark.module.css'

/** The first character of a name, as people see it. */
function initialOf(name: string): string {
  const [first] = new Intl.Segmenter('en').segment(name.trim())
  return first?.segment.toUpperCase() ?? ''
}

/** The initial of an organization on its colour. The name stands beside it. */
export function OrganizationMark({ name, color }: Pick<Organization, 'name' | 'color'>) {
  return (
    <span className={classes.mark} data-color={color ?? undefined} aria-hidden="true">
      {initialOf(name)}
    </span>
  )
}
