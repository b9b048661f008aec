import type { Organization } from '@sallyport/sdk'
import { OrganizationName } from '../../../parts/organization-mark/organization-name.tsx'
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
          <OrganizationName name={name} color={color} />
        </div>
        <p className={classes.title}>{previewTitle}</p>
      </div>
    </figure>
  )
}
