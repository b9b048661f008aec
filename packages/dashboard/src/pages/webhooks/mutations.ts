import type { CreateWebhookInput, UpdateWebhookInput, Webhook } from '@sallyport/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { readAgain, useChange, WAIT_SECONDS } from '../../data/change.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { useToldChange } from '../../parts/messages/use-told-change.ts'
import { t } from '../../texts/texts.ts'
import { webhookQuery } from './queries.ts'

const OF_LIST = ['webhooks', 'deliveries']
const KINDS = [...OF_LIST, 'webhook']

export function useCreateWebhook(organization: string) {
  return useChange(
    organization,
    KINDS,
    async (input: CreateWebhookInput) => await sallyport.createWebhook({ ...input, organization }),
  )
}

export function useUpdateWebhook(organization: string) {
  return useGuardedChange(organization, {
    thing: 'webhook',
    query: ({ webhook }: Pick<UpdateWebhookInput, 'webhook' | 'url' | 'events'>) =>
      webhookQuery(organization, webhook),
    kinds: KINDS,
    async change({ webhook, url, events }, options) {
      await sallyport.updateWebhook({ organization, webhook, url, events, wait: WAIT_SECONDS }, options)
      say(t.webhooks.form.saved)
    },
  })
}

/** Switches a webhook off or on. */
export function useSwitchWebhook(organization: string) {
  return useToldChange(organization, KINDS, async ({ id, status }: Pick<Webhook, 'id' | 'status'>) => {
    await sallyport.updateWebhook({ organization, webhook: id, status, wait: WAIT_SECONDS })
    const { on, off } = t.webhooks.panel
    return status === 'active' ? on : off
  })
}

interface Rotation {
  readonly webhook: string
  /** How long the present secret signs too. */
  readonly graceSeconds: number
}

export function useRotateWebhook(organization: string) {
  return useChange(
    organization,
    KINDS,
    async (rotation: Rotation) => await sallyport.rotateWebhook({ ...rotation, organization }),
  )
}

export function useReplay(organization: string, webhook: string) {
  return useChange(organization, KINDS, async (delivery: string) => {
    await sallyport.replayDelivery({ organization, webhook, delivery })
    say(t.webhooks.deliveries.replayed)
  })
}

/** Deletes a webhook. The page shows it until `refresh`, so that its details can show the receipt. */
export function useRemoveWebhook(organization: string) {
  const queries = useQueryClient()
  const removing = useGuardedChange(organization, {
    thing: 'webhook',
    query: ({ webhook }: { readonly webhook: string }) => webhookQuery(organization, webhook),
    kinds: [],
    change: async ({ webhook }, options) =>
      await sallyport.removeWebhook({ organization, webhook, wait: WAIT_SECONDS }, options),
  })
  const refresh = (): void => void readAgain(queries, organization, OF_LIST)
  return { removing, refresh }
}
