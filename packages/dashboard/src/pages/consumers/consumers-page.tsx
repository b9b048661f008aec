import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { FilterBar } from '../../parts/table/filter-bar.tsx'
import { Icon } from '../../parts/icon.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Split } from '../../parts/split.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { ConsumerList } from './consumer-list.tsx'
import { ConsumerPanel } from './consumer-panel.tsx'
import { CreateConsumer } from './dialogs/create-consumer.tsx'
import { consumerCountQuery } from './queries.ts'
import { type ConsumersSearch, STATES } from './search.ts'
import { useSearchChange } from '../../url/search-change.ts'

/** The systems that call pipelines: what each may call, and with which keys. */
export function ConsumersPage() {
  const { organization, environment, may } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/consumers' })
  const set = useSearchChange<ConsumersSearch>()
  const open = (consumer: string | undefined): void => set({ consumer })
  const { searchLabel, searchHint, filters, states } = t.consumers
  return (
    <Split
      panel={
        search.consumer !== undefined && (
          <ConsumerPanel
            key={search.consumer}
            organization={organization}
            id={search.consumer}
            onClose={() => open(undefined)}
          />
        )
      }
    >
      <PageHead title={t.consumers.title}>
        {may('consumers.write') && may('keys.create') && (
          <Button
            variant="filled"
            leftSection={<Icon small name="plus" />}
            onClick={() => set({ dialog: 'create' })}
          >
            {t.consumers.create}
          </Button>
        )}
      </PageHead>
      <Rule organization={organization} mayCount={may('organization.read', undefined)} />
      <FilterBar
        search={{ label: searchLabel, hint: searchHint, value: search.search }}
        onSearch={(text) => set({ search: text })}
        filters={[
          {
            name: 'status',
            word: filters.status,
            choices: STATES.map((value) => ({ value, word: states[value] })),
            value: search.status,
          },
        ]}
        onFilter={(name, value) => set({ [name]: value })}
      />
      <ConsumerList organization={organization} environment={environment} search={search} onOpen={open} />
      {search.dialog === 'create' && (
        <CreateConsumer
          organization={organization}
          environment={search.to ?? environment}
          pipeline={search.pipeline}
          onClose={(consumer) =>
            set({
              dialog: undefined,
              to: undefined,
              pipeline: undefined,
              ...(consumer !== undefined && { consumer }),
            })
          }
        />
      )}
    </Split>
  )
}

/** What holds now for consumers. */
function Rule({ organization, mayCount }: { readonly organization: string; readonly mayCount: boolean }) {
  const { data } = useQuery({ ...consumerCountQuery(organization), enabled: mayCount })
  const { force } = t.consumers
  return (
    <InForce>
      {data !== undefined && (
        <span>
          <strong>{force.count(data)}</strong>
        </span>
      )}
      <span>{force.rule}</span>
    </InForce>
  )
}
