import type { Principal } from '@sallyport/core'
import type { CompiledDeployment } from './compiled-deployment.ts'
import { headerSafe, NOTHING } from './header-value.ts'

/** What every identity header's name begins with. The same names from a caller are dropped, always. */
export const IDENTITY_PREFIX = 'x-sallyport-'

/** Appends the six identity headers, each with a value, to a flat list of names and values. */
export function appendIdentity(
  headers: string[],
  principal: Principal | null,
  deployment: CompiledDeployment,
): void {
  headers.push(
    'x-sallyport-organization',
    headerSafe(principal === null ? deployment.record.organization : principal.organization),
    'x-sallyport-environment',
    deployment.environmentHeader,
    'x-sallyport-pipeline',
    deployment.pipelineHeader,
    'x-sallyport-consumer',
    principal === null || principal.consumer === null ? NOTHING : headerSafe(principal.consumer),
    'x-sallyport-key',
    principal === null || principal.keyId === null ? NOTHING : principal.keyId,
    'x-sallyport-claims',
    principal === null || principal.claims === null
      ? NOTHING
      : Buffer.from(JSON.stringify(principal.claims)).toString('base64url'),
  )
}
