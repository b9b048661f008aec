import { Link } from '@tanstack/react-router'
import { Empty } from '../../../parts/empty.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import { t } from '../../../texts/texts.ts'

interface NoExternalKeysProps {
  readonly organization: string
  readonly isFiltered: boolean
}

/** What stands where no external key is: how to add one, or how to see others. */
export function NoExternalKeys({ organization, isFiltered }: NoExternalKeysProps) {
  const { empty } = t.externalKeys
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
