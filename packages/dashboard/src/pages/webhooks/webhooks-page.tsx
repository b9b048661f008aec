import { Button } from '@mantine/core'
import type { Webhook } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Icon } from '../../parts/icon.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Split } from '../../parts/split.tsx'
import { EmptyList } from '../../parts/states/empty-list.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { useSearchChange } from '../../url/search-change.ts'
import { CreateWebhook } from './dialogs/create-webhook.tsx'
import { webhooksQuery } from './queries.ts'
import type { WebhooksSearch } from './search.ts'
import { WEBHOOK_COLUMNS } from './webhook-columns.tsx'
import { WebhookPanel } from './webhook-panel.tsx'
import classes from './webhooks-page.module.css'

const ROWS = 4

/** Where events of the organization are sent, and how that went. */
export function WebhooksPage() {
  const { organization, may } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/webhooks' })
  const set = useSearchChange<WebhooksSearch>()
  const list = useQuery(webhooksQuery(organization))
  const open = list.data?.find(({ id }) => id === search.webhook)
  const { force } = t.webhooks
  return (
    <Split
      panel={
        open !== undefined && (
          <WebhookPanel
            key={open.id}
            organization={organization}
            listed={open}
            onClose={() => set({ webhook: undefined })}
          />
        )
      }
    >
      <PageHead title={t.webhooks.title}>
        {may('webhooks.write') && (
          <Button
            variant="filled"
            leftSection={<Icon small name="plus" />}
            onClick={() => set({ dialog: 'create' })}
          >
            {t.webhooks.create}
          </Button>
        )}
      </PageHead>
      <InForce>
        {list.data !== undefined && (
          <span>
            <strong>{force.count(list.data.length)}</strong>
          </span>
        )}
        <span>{force.rule}</span>
      </InForce>
      <Loaded query={list} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(webhooks) =>
          webhooks.length === 0 ? (
            <EmptyList
              words={t.webhooks.empty}
              command={t.webhooks.empty.command(organization)}
              isFiltered={false}
            />
          ) : (
            <div className={classes.list}>
              <DataTable<Webhook>
                caption={t.webhooks.caption}
                columns={WEBHOOK_COLUMNS}
                rows={webhooks}
                idOf={({ id }) => id}
                nameOf={({ url }) => url}
                openId={search.webhook}
                onOpen={({ id }) => set({ webhook: id })}
              />
            </div>
          )
        }
      </Loaded>
      {search.dialog === 'create' && (
        <CreateWebhook
          organization={organization}
          onClose={(made) => set({ dialog: undefined, ...(made !== undefined && { webhook: made }) })}
        />
      )}
    </Split>
  )
}
