import type { Organization } from '@sallyport/sdk'
import { OrganizationMark } from '../../../parts/organization-mark/organization-mark.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import classes from './preview.module.css'

/** The head of the page that the people of a consumer see. */
export function Preview({ name, color }: Pick<Organization, 'name' | 'color'>) {
  const { preview, previewTitle } = t.organization.identity
  return (
    <figure className={classes.preview}>
      <figcaption className={text.meta}>{preview}</figcaption>
      <div className={classes.page}>
        <div className={classes.bar}>
          <OrganizationMark name={name} color={color} />
          <span className={classes.name}>{name}</span>
        </div>
        <p className={classes.title}>{previewTitle}</p>
      </div>
    </figure>
  )
}
