import { useQuery } from '@tanstack/react-query'
import { consumerQuery } from '../../data/consumers.ts'
import { FilterBar, type Filter } from '../../parts/table/filter-bar.tsx'
import { t } from '../../texts/texts.ts'
import { ENDS, FRESHNESS, type KeysSearch, STATES, TYPES, USES } from './search.ts'

interface KeyFiltersProps {
  readonly organization: string
  readonly search: KeysSearch
  readonly onChange: (change: Partial<KeysSearch>) => void
}

/** The search and the filters of the list of keys. */
export function KeyFilters({ organization, search, onChange }: KeyFiltersProps) {
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
    ...useConsumerFilter(organization, search.consumer),
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

/** The consumer whose keys are listed, where another page led here. */
function useConsumerFilter(organization: string, consumer: string | undefined): readonly Filter[] {
  const { data } = useQuery({
    ...consumerQuery(organization, consumer ?? ''),
    enabled: consumer !== undefined,
  })
  if (consumer === undefined) return []
  const choices = data === undefined ? [] : [{ value: consumer, word: data.name }]
  return [{ name: 'consumer', word: t.keys.filters.consumer, choices, value: consumer }]
}
