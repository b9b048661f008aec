import { Link } from '@tanstack/react-router'
import { Empty } from '../../parts/states/empty.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { t } from '../../texts/texts.ts'

interface NoUsageProps {
  readonly organization: string
  readonly isFiltered: boolean
}

/** What stands where nothing was counted. */
export function NoUsage({ organization, isFiltered }: NoUsageProps) {
  const { empty } = t.usage
  return (
    <Empty title={empty.title}>
      <p>{empty.text}</p>
      {isFiltered ? (
        <Link to="." search={({ environment }) => ({ environment })}>
          {empty.clear}
        </Link>
      ) : (
        <Snippet label={empty.title}>{empty.command(organization)}</Snippet>
      )}
    </Empty>
  )
}
