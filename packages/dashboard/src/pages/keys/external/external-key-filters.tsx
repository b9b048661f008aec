import type { ExternalKey } from '@sallyport/sdk'
import { FilterBar, type Filter } from '../../../parts/table/filter-bar.tsx'
import { t } from '../../../texts/texts.ts'
import { type ExternalKeysSearch, STATUSES } from './search.ts'

interface ExternalKeyFiltersProps {
  readonly all: readonly ExternalKey[]
  readonly search: ExternalKeysSearch
  readonly onChange: (change: Partial<ExternalKeysSearch>) => void
}

/** The search and the filters of the list, with the owners and roles that occur in it. */
export function ExternalKeyFilters({ all, search, onChange }: ExternalKeyFiltersProps) {
  const { filters, states, searchLabel, searchHint } = t.externalKeys
  const owners = new Map(all.map(({ owner }) => [owner.slug, owner.name]))
  const roles = [...new Set(all.flatMap((key) => key.roles))].toSorted()
  const shown: readonly Filter[] = [
    {
      name: 'owner',
      word: filters.owner,
      choices: [...owners].map(([value, word]) => ({ value, word })),
      value: search.owner,
    },
    {
      name: 'role',
      word: filters.role,
      choices: roles.map((value) => ({ value, word: value })),
      value: search.role,
    },
    {
      name: 'status',
      word: filters.status,
      choices: STATUSES.map((value) => ({ value, word: states[value] })),
      value: search.status,
    },
  ]
  return (
    <FilterBar
      search={{ label: searchLabel, hint: searchHint, value: search.search }}
      onSearch={(text) => onChange({ search: text })}
      filters={shown}
      onFilter={(name, value) => onChange({ [name]: value })}
    />
  )
}
