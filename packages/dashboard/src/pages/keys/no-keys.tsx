import { Link } from '@tanstack/react-router'
import { Empty } from '../../parts/empty.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { t } from '../../texts/texts.ts'
import type { KeysSearch } from './search.ts'

interface NoKeysProps {
  readonly organization: string
  readonly search: KeysSearch
}

/** What stands where no key is: how to make one, or how to see others. */
export function NoKeys({ organization, search }: NoKeysProps) {
  const { empty } = t.keys
  const { sort: _sort, key: _key, dialog: _dialog, ...filters } = search
  if (Object.keys(filters).length > 0) {
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
