import { useQuery } from '@tanstack/react-query'
import { membersQuery } from '../../data/members.ts'
import { useKeyName } from '../../names/names.tsx'
import { FilterBar } from '../../parts/table/filter-bar.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { type AuditSearch, SINCES } from './search.ts'

interface AuditFiltersProps {
  readonly search: AuditSearch
  readonly onChange: (change: Partial<AuditSearch>) => void
}

const RESOURCES = Object.entries(t.audit.nouns).toSorted(([, one], [, other]) => one.localeCompare(other))
const ID = /^(?:key|mem)_/

/** The search and the filters of the log. */
export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const { organization, may } = usePlace()
  const members = useQuery({ ...membersQuery(organization), enabled: may('members.read') })
  const { filters, since, systems, allOf } = t.audit
  const { actor } = search
  const keyName = useKeyName(actor ?? '')
  const people = (members.data ?? []).map(({ id, name }) => ({ value: id, word: name }))
  const parts = Object.entries(systems).map(([value, word]) => ({ value, word }))
  const known = [...people, ...parts]
  const others =
    actor === undefined || known.some(({ value }) => value === actor)
      ? []
      : [{ value: actor, word: keyName ?? actor }]
  return (
    <FilterBar
      search={{ label: t.audit.searchLabel, hint: t.audit.searchHint, value: search.target }}
      onSearch={(text) => onChange({ target: text === undefined ? undefined : targetOf(text) })}
      filters={[
        { name: 'actor', word: filters.actor, choices: [...known, ...others], value: actor },
        {
          name: 'action',
          word: filters.action,
          choices: RESOURCES.map(([resource, noun]) => ({ value: `${resource}.*`, word: allOf(noun) })),
          value: search.action,
        },
        {
          name: 'since',
          word: filters.since,
          choices: SINCES.map((value) => ({ value, word: since[value] })),
          value: search.since,
        },
      ]}
      onFilter={(name, value) => onChange({ [name]: value })}
    />
  )
}

/** An id alone is enough, where it tells its kind. */
function targetOf(text: string): string {
  if (text.includes('/') || !ID.test(text)) return text
  return `${text.startsWith('key_') ? 'key' : 'member'}/${text}`
}
