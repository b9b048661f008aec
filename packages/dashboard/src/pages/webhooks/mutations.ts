import type { CreateWebhookInput, UpdateWebhookInput } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { readAgain, useChange, WAIT_SECONDS } from '../../data/change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'

const KINDS = ['webhooks', 'deliveries']

export function useCreateWebhook(organization: string) {
  return useChange(
    organization,
    KINDS,
    async (input: CreateWebhookInput) => await sallyport.createWebhook({ ...input, organization }),
  )
}

interface Update extends UpdateWebhookInput {
  /** What is said when it is done. */
  readonly words: string
}

export function useUpdateWebhook(organization: string) {
  return useChange(organization, KINDS, async ({ words, ...input }: Update) => {
    await sallyport.updateWebhook({ ...input, organization, wait: WAIT_SECONDS })
    say(words)
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
  const removing = useMutation({
    mutationFn: async (webhook: string) =>
      await sallyport.removeWebhook({ organization, webhook, wait: WAIT_SECONDS }),
  })
  const refresh = (): void => void readAgain(queries, organization, KINDS)
  return { removing, refresh }
}
