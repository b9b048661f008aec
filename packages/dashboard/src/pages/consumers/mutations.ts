import type {
  Consumer,
  CreateBasicCredentialInput,
  CreateConsumerInput,
  CreatePortalSessionInput,
} from '@sallyport/sdk'
import { useChange, WAIT_SECONDS } from '../../data/change.ts'
import { consumerQuery } from '../../data/consumers.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { useToldChange } from '../../parts/messages/use-told-change.ts'
import { t } from '../../texts/texts.ts'

type Named = Pick<Consumer, 'id' | 'name'>

const OF_CONSUMERS = ['consumers', 'consumer']

export function useCreateConsumer(organization: string) {
  return useChange(
    organization,
    ['consumers', 'keys'],
    async (input: CreateConsumerInput) => await sallyport.createConsumer({ ...input, organization }),
  )
}

interface Association {
  readonly consumer: Named
  /** The name of a pipeline or project. */
  readonly to: string
  readonly isAllowed: boolean
}

/** Lets a consumer call a pipeline, or takes that association away. */
export function useAssociatePipeline(organization: string) {
  return useToldChange(
    organization,
    OF_CONSUMERS,
    async ({ consumer: { id, name }, to, isAllowed }: Association) => {
      const input = { organization, consumer: id, pipeline: to, wait: WAIT_SECONDS }
      const { receipt } = isAllowed
        ? await sallyport.addConsumerPipeline(input)
        : await sallyport.removeConsumerPipeline(input)
      const { added, removed } = t.consumers.panel
      return (isAllowed ? added : removed)(name, to, t.receipt.on(receipt))
    },
  )
}

/** Lets a consumer call every pipeline of a project, or takes that association away. */
export function useAssociateProject(organization: string) {
  return useToldChange(
    organization,
    OF_CONSUMERS,
    async ({ consumer: { id, name }, to, isAllowed }: Association) => {
      const input = { organization, consumer: id, project: to, wait: WAIT_SECONDS }
      const { receipt } = isAllowed
        ? await sallyport.addConsumerProject(input)
        : await sallyport.removeConsumerProject(input)
      const { projectAdded, projectRemoved } = t.consumers.panel
      return (isAllowed ? projectAdded : projectRemoved)(name, to, t.receipt.on(receipt))
    },
  )
}

/** Switches a consumer off or on. */
export function useSwitch(organization: string, status: 'active' | 'inactive') {
  return useToldChange(organization, [...OF_CONSUMERS, 'keys', 'key'], async ({ id, name }: Named) => {
    const input = { organization, consumer: id, status, wait: WAIT_SECONDS }
    const { receipt } = await sallyport.updateConsumer(input)
    const { on, off } = t.consumers.switchOff
    return (status === 'active' ? on : off)(name, t.receipt.on(receipt))
  })
}

/** Changes what people read of a consumer, and its plan. */
export function useUpdateConsumer(organization: string) {
  return useGuardedChange(organization, {
    thing: 'consumer',
    query: ({ id }: Pick<Consumer, 'id' | 'title' | 'description' | 'plan'>) =>
      consumerQuery(organization, id),
    kinds: OF_CONSUMERS,
    async change({ id, title, description, plan }, options) {
      const input = { organization, consumer: id, title, description, plan, wait: WAIT_SECONDS }
      const { consumer } = await sallyport.updateConsumer(input, options)
      say(t.consumers.form.saved(consumer.name))
    },
  })
}

/** Removes a consumer. Its details stay as they were, until they are closed. */
export function useRemoveConsumer(organization: string) {
  return useGuardedChange(organization, {
    thing: 'consumer',
    query: ({ id }: Pick<Consumer, 'id'>) => consumerQuery(organization, id),
    kinds: ['consumers'],
    change: async ({ id }, options) =>
      await sallyport.removeConsumer({ organization, consumer: id, wait: WAIT_SECONDS }, options),
  })
}

export function useCreateBasicCredential(organization: string) {
  return useChange(
    organization,
    ['basic-credentials'],
    async (input: CreateBasicCredentialInput) =>
      await sallyport.createBasicCredential({ ...input, organization }),
  )
}

interface BasicCredential {
  readonly consumer: string
  readonly username: string
}

export function useRemoveBasicCredential(organization: string) {
  return useChange(
    organization,
    ['basic-credentials'],
    async (input: BasicCredential) =>
      await sallyport.removeBasicCredential({ ...input, organization, wait: WAIT_SECONDS }),
  )
}

export function useCreatePortalSession(organization: string) {
  return useChange(
    organization,
    ['portal-sessions'],
    async (input: CreatePortalSessionInput) =>
      await sallyport.createPortalSession({ ...input, organization }),
  )
}

export function useEndPortalSession(organization: string) {
  return useChange(organization, ['portal-sessions'], async (portalSession: string) => {
    const { receipt } = await sallyport.endPortalSession({
      organization,
      portalSession,
      wait: WAIT_SECONDS,
    })
    say(t.consumers.panel.ended(t.receipt.on(receipt)))
  })
}
