import type { CreateVersionInput } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { WAIT_SECONDS } from '../../../data/change.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { carryOut } from '../data/act.ts'
import { refreshPipelines } from '../data/mutations.ts'
import type { WayLive } from './maintenance-spec.ts'

interface Switching {
  /** The spec that is to be live. */
  readonly spec: unknown
  readonly way: Exclude<WayLive, { readonly kind: 'none' }>
  readonly environment: string
  /** What the list of versions says of a new one. */
  readonly comment: string
}

/**
 * Makes a spec live in an environment: saves it as a version if it is none yet, and deploys that. If the deployment is
 * refused, the version stays, and the next try deploys it.
 */
export function useMaintenance(organization: string, pipeline: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ spec, way, environment, comment }: Switching) => {
      const version =
        way.kind === 'existing'
          ? way.version
          : (
              await sallyport.createVersion({
                organization,
                pipeline,
                spec: spec as CreateVersionInput['spec'],
                bump: 'minor',
                base: way.base,
                comment,
              })
            ).version
      return await carryOut(
        organization,
        { kind: 'deploy', pipeline, version, environment, from: undefined },
        { dryRun: false, wait: WAIT_SECONDS },
      )
    },
    onSettled: async () => await refreshPipelines(queries, organization),
  })
}
