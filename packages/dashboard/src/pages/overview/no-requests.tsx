import { Empty } from '../../parts/states/empty.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { t } from '../../texts/texts.ts'

interface NoRequestsProps {
  readonly organization: string
  readonly environment: string | undefined
  /** Whether the page shows the steps to the first call, or may still do so. */
  readonly isGuided: boolean
}

/** What stands where nothing was counted: how the first request comes about. */
export function NoRequests({ organization, environment = 'prod', isGuided }: NoRequestsProps) {
  const { none } = t.overview
  return (
    <Empty title={none.title}>
      <p>{isGuided ? none.guided : none.text}</p>
      {!isGuided && <Snippet label={none.title}>{none.command(organization, environment)}</Snippet>}
    </Empty>
  )
}
