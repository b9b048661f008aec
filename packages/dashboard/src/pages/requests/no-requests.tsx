import { Link } from '@tanstack/react-router'
import { Empty } from '../../parts/states/empty.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { t } from '../../texts/texts.ts'
import type { RequestsSearch } from './search.ts'

interface NoRequestsProps {
  readonly organization: string
  readonly environment: string | undefined
  readonly search: RequestsSearch
}

/** What stands where no request is: how to make one, or how to see others. */
export function NoRequests({ organization, environment, search }: NoRequestsProps) {
  const { empty } = t.requests
  const { open: _open, ...filters } = search
  if (Object.keys(filters).length > 0) {
    return (
      <Empty title={empty.filteredTitle}>
        <p>{empty.filteredText}</p>
        <Link to="." search={(before) => ({ environment: before.environment })}>
          {empty.clear}
        </Link>
      </Empty>
    )
  }
  return (
    <Empty title={empty.title}>
      <p>{empty.text}</p>
      <Snippet label={empty.title}>{empty.command(organization, environment ?? 'prod')}</Snippet>
    </Empty>
  )
}
