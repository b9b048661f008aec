import { Link } from '@tanstack/react-router'
import { Empty } from '../../parts/empty.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { t } from '../../texts/texts.ts'

interface NoPipelinesProps {
  readonly organization: string
  /** Whether a search or a filter hides what there is. */
  readonly isFiltered: boolean
}

/** What stands where no pipeline is: how to make one, or how to see others. */
export function NoPipelines({ organization, isFiltered }: NoPipelinesProps) {
  const { empty } = t.pipelines
  if (isFiltered) {
    return (
      <Empty title={empty.filteredTitle}>
        <p>{empty.filteredText}</p>
        <Link to="." search={({ environment }) => (environment === undefined ? {} : { environment })}>
          {empty.clear}
        </Link>
      </Empty>
    )
  }
  return (
    <Empty title={empty.title}>
      <p>{empty.text}</p>
      <Snippet label={empty.title}>{empty.command(organization)}</Snippet>
    </Empty>
  )
}
