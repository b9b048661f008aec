import { Link } from '@tanstack/react-router'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import classes from './to-pipelines.module.css'

/** The way back to the list. */
export function ToPipelines() {
  const { organization } = usePlace()
  return (
    <Link to="/organizations/$organization/pipelines" params={{ organization }} className={classes.parent}>
      {t.pipeline.parent}{' '}
    </Link>
  )
}
