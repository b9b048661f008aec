import { versionText } from '@sallyport/core'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { ENVIRONMENT_READS } from '../access/permitted-environment.ts'
import { isPermitted } from '../access/permission-checks.ts'
import { allEnvironments } from '../environments/environment-order.ts'
import type { PreviousEnvironment } from '../gate/check-promotion.ts'

/**
 * The environment before the target in promotion order, with the version of the pipeline that is live there. Null if the
 * target does not require that, or is the first environment.
 */
export async function previousEnvironment(
  context: OperationContext,
  tx: Writer,
  target: {
    readonly organization: string
    readonly environment: string
    readonly pipeline: string
    readonly major: number
  },
): Promise<PreviousEnvironment | null> {
  const { organization, environment, pipeline, major } = target
  const row = await tx.environments.get(organization, environment)
  if (row === undefined || !row.requiresPrevious) return null
  const rows = await allEnvironments(tx.environments, organization)
  const previous = rows[rows.findIndex(({ name }) => name === environment) - 1]
  if (previous === undefined) return null
  const live = await tx.deployments.related(organization, previous.name, { pipeline, major, claims: [] })
  const version = live.find((other) => other.pipeline === pipeline && other.major === major)
  const isKnown = ENVIRONMENT_READS.some((permission) =>
    isPermitted(context, organization, permission, { environment: previous.name }),
  )
  return {
    name: isKnown ? previous.name : null,
    liveVersion: version === undefined ? null : versionText(version),
  }
}
