import type { Leak } from '@sallyport/sdk'
import { useKeyName } from '../../names/names.tsx'
import { FilterBar } from '../../parts/table/filter-bar.tsx'
import { t } from '../../texts/texts.ts'
import type { LeaksSearch } from './search.ts'

interface LeakFiltersProps {
  readonly rows: readonly Leak[]
  readonly search: LeaksSearch
  readonly onChange: (change: Partial<LeaksSearch>) => void
}

/** The filter of the list: one of the keys that it has. */
export function LeakFilters({ rows, search, onChange }: LeakFiltersProps) {
  const { filters } = t.leaks
  const { key } = search
  const chosen = useKeyName(key ?? '')
  const names = new Map(rows.map((leak) => [leak.key, leak.keyName]))
  if (key !== undefined) names.set(key, names.get(key) ?? chosen ?? key)
  return (
    <FilterBar
      filters={[
        {
          name: 'key',
          word: filters.key,
          choices: [...names].map(([value, word]) => ({ value, word })),
          value: key,
        },
      ]}
      onFilter={(_name, value) => onChange({ key: value })}
    />
  )
}
