import type { DecidedRequest } from '@sallyport/sdk'
import { useQueries } from '@tanstack/react-query'
import { consumerNameQuery, keyNameQuery } from '../../data/names.ts'
import { type Filter, FilterBar } from '../../parts/table/filter-bar.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { OUTCOMES, type RequestsSearch } from './search.ts'

interface RequestFiltersProps {
  readonly search: RequestsSearch
  /** What is loaded: its values are the choices. */
  readonly rows: readonly DecidedRequest[]
  readonly onChange: (change: Partial<RequestsSearch>) => void
}

/** The search and the filters of the list of requests. */
export function RequestFilters({ search, rows, onChange }: RequestFiltersProps) {
  const { organization, may } = usePlace()
  const { filters, outcomes } = t.requests
  const keys = valuesOf(rows, ({ key }) => key, search.key)
  const consumers = valuesOf(rows, ({ consumer }) => consumer, search.consumer)
  const keyNames = useQueries({
    queries: keys.map((id) => ({ ...keyNameQuery(organization, id), enabled: may('keys.read') })),
  })
  const consumerNames = useQueries({
    queries: consumers.map((id) => ({
      ...consumerNameQuery(organization, id),
      enabled: may('consumers.read'),
    })),
  })
  const shown: Filter[] = [
    {
      name: 'outcome',
      word: filters.outcome,
      choices: OUTCOMES.map((value) => ({ value, word: outcomes[value] })),
      value: search.outcome,
    },
    {
      name: 'code',
      word: filters.code,
      choices: asThemselves(valuesOf(rows, ({ code }) => code, search.code)),
      value: search.code,
    },
    {
      name: 'key',
      word: filters.key,
      choices: keys.map((value, index) => ({ value, word: keyNames[index]?.data ?? value })),
      value: search.key,
    },
    {
      name: 'consumer',
      word: filters.consumer,
      choices: consumers.map((value, index) => ({ value, word: consumerNames[index]?.data ?? value })),
      value: search.consumer,
    },
    {
      name: 'pipeline',
      word: filters.pipeline,
      choices: asThemselves(valuesOf(rows, ({ pipeline }) => pipeline, search.pipeline)),
      value: search.pipeline,
    },
  ]
  return (
    <FilterBar
      search={{ label: t.requests.searchLabel, hint: t.requests.searchHint, value: search.requestId }}
      onSearch={(text) => onChange(found(text))}
      filters={shown.filter(({ choices }) => choices.length > 0)}
      onFilter={(name, value) => onChange({ [name]: value })}
    />
  )
}

function asThemselves(values: readonly string[]): Filter['choices'] {
  return values.map((value) => ({ value, word: value }))
}

/** What is looked for: an id tells what it is of. */
function found(text: string | undefined): Partial<RequestsSearch> {
  if (text?.startsWith('key_') === true) return { key: text, requestId: undefined }
  if (text?.startsWith('con_') === true) return { consumer: text, requestId: undefined }
  return { requestId: text }
}

/** The values that requests have, and the one that is chosen. */
function valuesOf(
  rows: readonly DecidedRequest[],
  valueOf: (request: DecidedRequest) => string | null,
  chosen: string | undefined,
): readonly string[] {
  const values = new Set(chosen === undefined ? [] : [chosen])
  for (const row of rows) {
    const value = valueOf(row)
    if (value !== null) values.add(value)
  }
  return [...values].toSorted()
}
