import type { ListedPortalKey } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Empty } from '../../../parts/states/empty.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Section } from '../../../parts/section.tsx'
import { DataTable } from '../../../parts/table/data-table.tsx'
import { t } from '../../../texts/texts.ts'
import { keysQuery } from '../queries.ts'
import { KEY_COLUMNS } from './key-columns.tsx'

interface KeysSectionProps {
  readonly openId: string | undefined
  readonly canRead: boolean
  readonly canCreate: boolean
  readonly onOpen: (id: string) => void
}

const ROWS = 3

/** The keys of the consumer. */
export function KeysSection({ openId, canRead, canCreate, onOpen }: KeysSectionProps) {
  const query = useQuery({ ...keysQuery, enabled: canRead })
  const { keys } = t.portal
  if (!canRead) {
    return (
      <Section title={keys.title}>
        <Empty title={keys.hidden}>
          <p>{keys.hiddenText}</p>
        </Empty>
      </Section>
    )
  }
  return (
    <Section title={keys.title} meta={query.data !== undefined && keys.count(query.data.length)}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(listed) =>
          listed.length === 0 ? (
            <Empty title={keys.none}>
              <p>{canCreate ? keys.noneText : keys.noneCreated}</p>
            </Empty>
          ) : (
            <DataTable<ListedPortalKey>
              caption={keys.title}
              columns={KEY_COLUMNS}
              rows={listed}
              idOf={({ id }) => id}
              nameOf={({ name }) => name}
              openId={openId}
              onOpen={({ id }) => onOpen(id)}
            />
          )
        }
      </Loaded>
    </Section>
  )
}
