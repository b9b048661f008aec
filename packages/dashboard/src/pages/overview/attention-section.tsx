import type { ListKeysInput } from '@sallyport/sdk'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Section } from '../../parts/section.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { type Mark, State, type Tone } from '../../parts/state.tsx'
import { KeyName } from '../../names/names.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import type { KeysSearch } from '../keys/search.ts'
import classes from './attention-section.module.css'
import { leakedKeysQuery, someKeysQuery } from './queries.ts'

interface Kind {
  readonly name: keyof typeof t.overview.attention.kinds
  readonly tone: Tone
  readonly mark?: Mark
  readonly filter: Omit<ListKeysInput, 'organization' | 'limit'>
  /** The same question on the page of keys. */
  readonly search: KeysSearch
}

const EXPIRY_DAYS = 30
const UNUSED_DAYS = 90

/** What a person should look at, the most urgent first. Keys that are switched off or have expired can wait. */
const KINDS: readonly Kind[] = [
  {
    name: 'overdue',
    tone: 'bad',
    filter: { state: 'active', freshness: 'overdue' },
    search: { state: 'active', freshness: 'overdue' },
  },
  {
    name: 'expiring',
    tone: 'warn',
    filter: { state: 'active', expiresWithinDays: EXPIRY_DAYS, sort: 'expiresAt' },
    search: { state: 'active', ends: '30', sort: 'expiresAt' },
  },
  {
    name: 'due',
    tone: 'warn',
    filter: { state: 'active', freshness: 'due' },
    search: { state: 'active', freshness: 'due' },
  },
  {
    name: 'oldSecret',
    tone: 'info',
    mark: 'half',
    filter: { state: 'rolling', oldSecretUsed: 'true' },
    search: { state: 'rolling', unused: 'old-secret' },
  },
  {
    name: 'neverUsed',
    tone: 'idle',
    mark: 'ring',
    filter: { state: 'active', neverUsed: 'true' },
    search: { state: 'active', unused: 'never' },
  },
  {
    name: 'unused',
    tone: 'idle',
    mark: 'ring',
    filter: { state: 'active', unusedForDays: UNUSED_DAYS },
    search: { state: 'active', unused: '90' },
  },
]

/** The keys that a person should look at, as questions to the list of keys. */
export function AttentionSection() {
  const { organization, environment } = usePlace()
  const { attention } = t.overview
  const all = useQuery(someKeysQuery(organization, { environment }))
  const kinds = useQueries({
    queries: KINDS.map(({ filter }) => someKeysQuery(organization, { ...filter, environment })),
  })
  const leaked = useQuery(leakedKeysQuery(organization, environment))
  const failed = [...kinds, leaked].find(({ error, data }) => error !== null && data === undefined)
  const isRead = [...kinds, leaked].every(({ data }) => data !== undefined)
  const read = {
    data: isRead ? true : undefined,
    error: failed?.error ?? null,
    refetch: () => failed?.refetch(),
  }
  return (
    <Section
      title={attention.title}
      meta={all.data !== undefined && attention.of(all.data.total, all.data.totalIsExact)}
      link={
        <Link
          to="/organizations/$organization/keys"
          params={{ organization }}
          search={(search) => ({ environment: search.environment })}
        >
          {attention.all}
        </Link>
      }
    >
      <Loaded query={read} skeleton={<RowsSkeleton rows={KINDS.length} />}>
        {() => {
          const found = KINDS.flatMap((kind, index) => {
            const page = kinds[index]?.data
            return page === undefined || page.total === 0 ? [] : [{ kind, page }]
          })
          if (found.length === 0 && leaked.data?.length === 0)
            return <p className={classes.none}>{attention.none}</p>
          return (
            <ul className={classes.list}>
              {leaked.data?.map((key) => (
                <li key={key}>
                  <State tone="bad">
                    <Link
                      to="/organizations/$organization/keys"
                      params={{ organization }}
                      search={(search) => ({ environment: search.environment, key })}
                    >
                      {attention.leaked}
                    </Link>
                  </State>
                  <span className={classes.names}>
                    <KeyName id={key} />
                  </span>
                </li>
              ))}
              {found.map(({ kind: { name, tone, mark, search }, page }) => {
                const names = page.items.map((key) => key.name)
                return (
                  <li key={name}>
                    <State tone={tone} {...(mark !== undefined && { mark })}>
                      <Link
                        to="/organizations/$organization/keys"
                        params={{ organization }}
                        search={(before) => ({ environment: before.environment, ...search })}
                      >
                        {attention.kinds[name](
                          attention.count(page.total, page.totalIsExact),
                          page.total === 1,
                        )}
                      </Link>
                    </State>
                    <span className={classes.names}>{attention.names(names, page.total - names.length)}</span>
                  </li>
                )
              })}
            </ul>
          )
        }}
      </Loaded>
    </Section>
  )
}
