import {
  jsonPointer,
  Problem,
  type DeploymentRecord,
  type EnvironmentView,
  type Snapshot,
} from '@sallyport/core'
import type { Logger } from 'pino'
import type { UpstreamTls } from '../../egress/upstream-tls.ts'
import type { CheckedTarget, SentCheck } from '../balance/health-checks.ts'
import { compileBalancing } from './compiled-balancing.ts'
import { compileTls } from './compiled-tls.ts'
import type { EnvironmentSecrets } from './environment-secrets.ts'
import type { ExpansionFailure } from './expansion-failure.ts'
import { environmentVariables } from './environment-variables.ts'

/** The targets of a deployment that have health checks; those of a step whose variables cannot be used are left out. */
export function checkedTargets(environment: EnvironmentView, { spec }: DeploymentRecord): CheckedTarget[] {
  const variables = environmentVariables(environment)
  return spec.steps.flatMap((step, index) => {
    if (step.kind !== 'proxy' && step.kind !== 'call') return []
    const { health } = step.balance ?? {}
    if (health === undefined) return []
    const place = step.kind === 'proxy' ? 'proxy' : jsonPointer('steps', index, step.kind)
    const compiled = compileBalancing(step, place)
    if (compiled === null || typeof compiled === 'string') return []
    const bound = compiled.bind('', variables)
    if (typeof bound === 'string') return []
    const origins = new Set(bound.targets.map(({ origin }) => origin))
    return [...origins].map((origin) => ({ place, origin, health, tls: bound.tls }))
  })
}

/** Failures that the log has: each lasts until a secret of the environment changes. */
const reported = new WeakSet<ExpansionFailure>()

/**
 * The TLS of a check.
 *
 * @throws Problem `internal` if its secrets cannot be used. The log says so once, until a secret of the environment changes
 */
export function checkedTls(
  { tls, record, origin }: Pick<SentCheck, 'tls' | 'record' | 'origin'>,
  snapshot: Snapshot,
  secrets: EnvironmentSecrets,
  logger: Logger,
): UpstreamTls | null {
  const environment = snapshot.environment(record.organization, record.environment)
  if (tls === null || environment === undefined) return null
  const found = compileTls(tls).of(secrets.of(environment), record.organization)
  if (!('fault' in found)) return found
  const reason = 'reason' in found ? `${found.name}: ${found.reason}` : found.fault
  if (!reported.has(found)) {
    reported.add(found)
    const { organization, pipeline } = record
    const about = { organization, environment: record.environment, pipeline, upstream: origin }
    const secret = 'name' in found ? { secretName: found.name, reason: found.reason } : {}
    logger.error({ ...about, ...secret }, 'a secret cannot be used, so health checks are not sent')
  }
  throw new Problem('internal', { cause: new Error(reason) })
}
