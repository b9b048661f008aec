import type {
  CreateEnvironmentInput,
  CreateIssuerInput,
  Environment,
  UpdateEnvironmentInput,
} from '@sallyport/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { readAgain, useChange, WAIT_SECONDS } from '../../data/change.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { useToldChange } from '../../parts/messages/use-told-change.ts'
import { t } from '../../texts/texts.ts'
import { environmentQuery, issuerQuery, type NamedValue, type ValueKind, valueQuery } from './queries.ts'

const OF_ENVIRONMENTS = ['environments', 'policies', 'key-ages', 'pipelines']

export function useCreateEnvironment(organization: string) {
  return useChange(organization, OF_ENVIRONMENTS, async (input: CreateEnvironmentInput) => {
    const made = await sallyport.createEnvironment({ ...input, organization })
    say(t.environments.form.done(made.name))
    return made
  })
}

interface Move extends Pick<UpdateEnvironmentInput, 'environment'> {
  readonly position: number
}

/** Moves an environment in the order of promotion. */
export function useMoveEnvironment(organization: string) {
  return useGuardedChange(organization, {
    thing: 'environment',
    query: ({ environment }: Move) => environmentQuery(organization, environment),
    kinds: [...OF_ENVIRONMENTS, 'environment'],
    async change({ environment, position }, options) {
      const input = { organization, environment, position, wait: WAIT_SECONDS }
      await sallyport.updateEnvironment(input, options)
      say(t.environments.panel.moved(environment, position + 1))
    },
  })
}

interface Rule extends Pick<UpdateEnvironmentInput, 'environment'> {
  readonly requiresPrevious: boolean
  /** The environment before it. */
  readonly before: string
}

/** Switches on or off that only versions go live which are live in the environment before. */
export function useRequirePrevious(organization: string) {
  return useToldChange(
    organization,
    [...OF_ENVIRONMENTS, 'environment'],
    async ({ environment, requiresPrevious, before }: Rule) => {
      const input = { organization, environment, requiresPrevious, wait: WAIT_SECONDS }
      await sallyport.updateEnvironment(input)
      const { requires, takesAny } = t.environments.panel
      return requiresPrevious ? requires(environment, before) : takesAny(environment)
    },
  )
}

/** Chooses what gateways do with calls while they are cut off. */
export function useSetWhenStale(organization: string) {
  return useToldChange(
    organization,
    [...OF_ENVIRONMENTS, 'environment'],
    async ({
      environment,
      whenStale,
    }: Pick<Environment, 'whenStale'> & Pick<UpdateEnvironmentInput, 'environment'>) => {
      const input = { organization, environment, whenStale, wait: WAIT_SECONDS }
      const { receipt } = await sallyport.updateEnvironment(input)
      return t.environments.cutOff.done[whenStale](environment, t.receipt.on(receipt))
    },
  )
}

/** Deletes an environment. The pages show it until `refresh`, so that its details can show the receipt. */
export function useRemoveEnvironment(organization: string) {
  const queries = useQueryClient()
  const removing = useGuardedChange(organization, {
    thing: 'environment',
    query: ({ environment }: Pick<UpdateEnvironmentInput, 'environment'>) =>
      environmentQuery(organization, environment),
    kinds: [],
    change: async ({ environment }, options) =>
      await sallyport.removeEnvironment({ organization, environment, wait: WAIT_SECONDS }, options),
  })
  const refresh = (): void => void readAgain(queries, organization, OF_ENVIRONMENTS)
  return { removing, refresh }
}

/** A variable or a secret, in sentences. */
const THINGS = { variables: 'variable', secrets: 'secret' } as const

interface PutValueInput extends NamedValue {
  readonly value: string
}

/** Gives a variable or a secret a value. One that is added replaces none that another person has added meanwhile. */
export function usePutValue(organization: string, kind: ValueKind) {
  return useGuardedChange(organization, {
    thing: THINGS[kind],
    query: (named: PutValueInput) => valueQuery(organization, kind, named),
    kinds: [kind],
    async change({ environment, name, value }, options) {
      const input = { organization, environment, name, value, wait: WAIT_SECONDS }
      const { receipt } =
        kind === 'variables'
          ? await sallyport.putVariable(input, options)
          : await sallyport.putSecret(input, options)
      say(t.environments[kind].done(name, t.receipt.on(receipt)))
    },
  })
}

export function useRemoveValue(organization: string, kind: ValueKind) {
  return useGuardedChange(organization, {
    thing: THINGS[kind],
    query: (named: NamedValue) => valueQuery(organization, kind, named),
    kinds: [kind],
    async change({ environment, name }, options) {
      const input = { organization, environment, name, wait: WAIT_SECONDS }
      return kind === 'variables'
        ? await sallyport.removeVariable(input, options)
        : await sallyport.removeSecret(input, options)
    },
  })
}

interface Rotation {
  readonly environment: string
  /** Left out for as long as tokens of the old key live. */
  readonly overlapSeconds?: number
}

export function useRotateSigningKey(organization: string) {
  return useChange(organization, ['signing-keys'], async (rotation: Rotation) => {
    const { receipt } = await sallyport.rotateSigningKey({ ...rotation, organization, wait: WAIT_SECONDS })
    say(t.environments.signingKeys.rotated(t.receipt.on(receipt)))
  })
}

interface RemovedSigningKey {
  readonly environment: string
  readonly signingKey: string
}

export function useRemoveSigningKey(organization: string) {
  return useChange(
    organization,
    ['signing-keys'],
    async (removed: RemovedSigningKey) =>
      await sallyport.removeSigningKey({ ...removed, organization, wait: WAIT_SECONDS }),
  )
}

export function useCreateIssuer(organization: string) {
  return useChange(organization, ['issuers'], async (input: CreateIssuerInput) => {
    await sallyport.createIssuer({ ...input, organization })
    say(t.environments.issuers.done(input.issuer))
  })
}

interface RemovedIssuer {
  readonly environment: string
  /** The id, not the `iss` of its tokens. */
  readonly issuer: string
}

export function useRemoveIssuer(organization: string) {
  return useGuardedChange(organization, {
    thing: 'issuer',
    query: ({ environment, issuer }: RemovedIssuer) => issuerQuery(organization, environment, issuer),
    kinds: ['issuers'],
    change: async ({ environment, issuer }, options) =>
      await sallyport.removeIssuer({ organization, environment, issuer, wait: WAIT_SECONDS }, options),
  })
}
