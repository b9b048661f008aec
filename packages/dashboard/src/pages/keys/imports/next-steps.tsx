import type { Import } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import classes from './imports.module.css'

interface NextStepsProps {
  readonly organization: string
  readonly shown: Import
}

/** How the imported keys stand, and what is to be done now. */
export function NextSteps({ organization, shown }: NextStepsProps) {
  const { may } = usePlace()
  const { panel } = t.imports
  const params = { organization }
  const keys = '/organizations/$organization/keys'
  return (
    <PanelSection label={panel.next}>
      <h3>{panel.next}</h3>
      <p>{shown.made === 0 ? panel.none : panel.inForce(shown.made)}</p>
      <ul className={classes.steps}>
        {shown.made > 0 && may('keys.read') && (
          <>
            <li>
              <Link to={keys} params={params} search={{ sort: '-createdAt' }}>
                {panel.nextKeys}
              </Link>
            </li>
            <li>
              <Link to={keys} params={params} search={{ unused: 'never', sort: '-createdAt' }}>
                {panel.nextUnused}
              </Link>
            </li>
          </>
        )}
        {shown.made > 0 && (
          <>
            <li>{panel.nextRoll}</li>
            <li>{panel.nextAge}</li>
          </>
        )}
        <li>{panel.nextDelete}</li>
        {may('audit.read') && (
          <li>
            <Link
              to="/organizations/$organization/audit"
              params={params}
              search={{ target: `import/${shown.id}` }}
            >
              {panel.nextAudit}
            </Link>
          </li>
        )}
      </ul>
    </PanelSection>
  )
}
