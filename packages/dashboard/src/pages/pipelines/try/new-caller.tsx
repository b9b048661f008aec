import type { ListedDeployment } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { usePlace } from '../../../shell/organization.ts'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'

interface NewCallerProps {
  readonly organization: string
  readonly called: Pick<ListedDeployment, 'pipeline' | 'environment'>
}

/** The way to a token, for a person without one: a new consumer that may call the deployment. */
export function NewCaller({ organization, called }: NewCallerProps) {
  const { may } = usePlace()
  if (!may('consumers.write', called.environment) || !may('keys.create', called.environment)) return null
  const { noToken, newConsumer } = t.pipeline.try
  return (
    <p className={text.meta}>
      {noToken}{' '}
      <Link
        to="/organizations/$organization/consumers"
        params={{ organization }}
        search={({ environment }) => ({
          environment,
          dialog: 'create' as const,
          to: called.environment,
          pipeline: called.pipeline,
        })}
      >
        {newConsumer}
      </Link>
    </p>
  )
}
