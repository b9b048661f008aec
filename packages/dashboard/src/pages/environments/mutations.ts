import type { CreateEnvironmentInput, CreateIssuerInput, UpdateEnvironmentInput } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { readAgain, useChange, WAIT_SECONDS } from '../../data/change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'

const OF_ENVIRONMENTS = ['environments', 'policies', 'key-ages', 'pipelines']

export function useCreateEnvironment(organization: string) {
  return useChange(organization, OF_ENVIRONMENTS, async (input: CreateEnvironmentInput) => {
    const made = await sallyport.createEnvironment({ ...input, organization })
    say(t.environments.form.done(made.name))
    return made
  })
}

interface Update extends Pick<UpdateEnvironmentInput, 'environment' | 'position' | 'requiresPrevious'> {
  /** What is said when it is done. */
  readonly words: string
}

export function useUpdateEnvironment(organization: string) {
  return useChange(organization, OF_ENVIRONMENTS, async ({ words, ...input }: Update) => {
    await sallyport.updateEnvironment({ ...input, organization, wait: WAIT_SECONDS })
    say(words)
  })
}

/** Deletes an environment. The pages show it until `refresh`, so that its details can show the receipt. */
export function useRemoveEnvironment(organization: string) {
  const queries = useQueryClient()
  const removing = useMutation({
    mutationFn: async (environment: string) =>
      await sallyport.removeEnvironment({ organization, environment, wait: WAIT_SECONDS }),
  })
  const refresh = (): void => void readAgain(queries, organization, OF_ENVIRONMENTS)
  return { removing, refresh }
}

/** A value with a name in an environment. */
export interface NamedValue {
  readonly environment: string
  readonly name: string
}

export type ValueKind = 'variables' | 'secrets'

export function usePutValue(organization: string, kind: ValueKind) {
  return useChange(organization, [kind], async (named: NamedValue & { readonly value: string }) => {
    const input = { ...named, organization, wait: WAIT_SECONDS }
    const { receipt } =
      kind === 'variables' ? await sallyport.putVariable(input) : await sallyport.putSecret(input)
    say(t.environments[kind].done(named.name, t.receipt.on(receipt)))
  })
}

export function useRemoveValue(organization: string, kind: ValueKind) {
  return useChange(organization, [kind], async (named: NamedValue) => {
    const input = { ...named, organization, wait: WAIT_SECONDS }
    return kind === 'variables' ? await sallyport.removeVariable(input) : await sallyport.removeSecret(input)
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
  return useChange(
    organization,
    ['issuers'],
    async (removed: RemovedIssuer) =>
      await sallyport.removeIssuer({ ...removed, organization, wait: WAIT_SECONDS }),
  )
}
