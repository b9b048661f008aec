import type {
  Consumer,
  CreateBasicCredentialInput,
  CreateConsumerInput,
  CreatePortalSessionInput,
} from '@sallyport/sdk'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/layers/toasts.tsx'
import { t } from '../../texts/texts.ts'

/** How long a change waits for the gateways before it answers, in seconds. */
const WAIT_SECONDS = 5

type Named = Pick<Consumer, 'id' | 'name'>

async function refresh(queries: QueryClient, organization: string, kinds: readonly string[]): Promise<void> {
  await Promise.all(kinds.map((kind) => queries.invalidateQueries({ queryKey: [kind, organization] })))
}

/** A change of a consumer; afterwards, what the pages show of it is read again. */
function useConsumerChange<Input, Output>(
  organization: string,
  change: (input: Input) => Promise<Output>,
  kinds: readonly string[] = ['consumers', 'consumer'],
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => void refresh(queries, organization, kinds),
  })
}

export function useCreateConsumer(organization: string) {
  return useConsumerChange(
    organization,
    async (input: CreateConsumerInput) => await sallyport.createConsumer({ ...input, organization }),
    ['consumers', 'keys'],
  )
}

interface Association {
  readonly consumer: Named
  readonly pipeline: string
  readonly isAllowed: boolean
}

/** Lets a consumer call a pipeline, or no longer. */
export function useAssociate(organization: string) {
  return useConsumerChange(
    organization,
    async ({ consumer: { id, name }, pipeline, isAllowed }: Association) => {
      // The server takes the whole list, so the change is made to what it has now.
      const { pipelines } = await sallyport.getConsumer({ organization, consumer: id })
      const others = pipelines.filter((each) => each !== pipeline)
      const { receipt } = await sallyport.updateConsumer({
        organization,
        consumer: id,
        pipelines: isAllowed ? [...others, pipeline] : others,
        wait: WAIT_SECONDS,
      })
      const { added, removed } = t.consumers.panel
      say((isAllowed ? added : removed)(name, pipeline, t.receipt.on(receipt)))
    },
  )
}

/** Switches a consumer off or on. */
export function useSwitch(organization: string, status: 'active' | 'inactive') {
  return useConsumerChange(
    organization,
    async ({ id, name }: Named) => {
      const input = { organization, consumer: id, status, wait: WAIT_SECONDS }
      const { receipt } = await sallyport.updateConsumer(input)
      const { on, off } = t.consumers.switchOff
      say((status === 'active' ? on : off)(name, t.receipt.on(receipt)))
    },
    ['consumers', 'consumer', 'keys', 'key'],
  )
}

/** Removes a consumer. Its details stay as they were, until they are closed. */
export function useRemoveConsumer(organization: string) {
  return useConsumerChange(
    organization,
    async ({ id }: Named) =>
      await sallyport.removeConsumer({ organization, consumer: id, wait: WAIT_SECONDS }),
    ['consumers'],
  )
}

export function useCreateBasicCredential(organization: string) {
  return useConsumerChange(
    organization,
    async (input: CreateBasicCredentialInput) =>
      await sallyport.createBasicCredential({ ...input, organization }),
    ['basic-credentials'],
  )
}

interface BasicCredential {
  readonly consumer: string
  readonly username: string
}

export function useRemoveBasicCredential(organization: string) {
  return useConsumerChange(
    organization,
    async (input: BasicCredential) =>
      await sallyport.removeBasicCredential({ ...input, organization, wait: WAIT_SECONDS }),
    ['basic-credentials'],
  )
}

export function useCreatePortalSession(organization: string) {
  return useConsumerChange(
    organization,
    async (input: CreatePortalSessionInput) =>
      await sallyport.createPortalSession({ ...input, organization }),
    ['portal-sessions'],
  )
}

export function useEndPortalSession(organization: string) {
  return useConsumerChange(
    organization,
    async (portalSession: string) => {
      const { receipt } = await sallyport.endPortalSession({
        organization,
        portalSession,
        wait: WAIT_SECONDS,
      })
      say(t.consumers.panel.ended(t.receipt.on(receipt)))
    },
    ['portal-sessions'],
  )
}
