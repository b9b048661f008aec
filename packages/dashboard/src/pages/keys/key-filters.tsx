import { FilterBar, type Filter } from '../../parts/filter-bar.tsx'
import { t } from '../../texts/texts.ts'
import { ENDS, FRESHNESS, type KeysSearch, STATES, TYPES, USES } from './search.ts'

interface KeyFiltersProps {
  readonly search: KeysSearch
  readonly onChange: (change: Partial<KeysSearch>) => void
}

/** The search and the filters of the list of keys. */
export function KeyFilters({ search, onChange }: KeyFiltersProps) {
  const { filters, states, types, freshness, unused, ends } = t.keys
  const filter = <Value extends string>(
    name: keyof typeof filters,
    values: readonly Value[],
    words: Readonly<Record<Value, string>>,
  ): Filter => ({
    name,
    word: filters[name],
    choices: values.map((value) => ({ value, word: words[value] })),
    value: search[name],
  })
  const shown = [
    filter('state', STATES, states),
    filter('type', TYPES, types),
    filter('freshness', FRESHNESS, freshness),
    filter('unused', USES, unused),
    filter('ends', ENDS, ends),
  ]
  return (
    <FilterBar
      search={{ label: t.keys.searchLabel, hint: t.keys.searchHint, value: search.search }}
      onSearch={(text) => onChange({ search: text })}
      filters={shown}
      onFilter={(name, value) => onChange({ [name]: value })}
    />
  )
}
