import { postHeaders } from '../../contract/fields/idempotency.ts'
import { problem } from '../../contract/fields/problem.ts'

/** The groups of the documentation. */
export type RouteGroup =
  | 'Start'
  | 'Organizations'
  | 'Environments'
  | 'Policies'
  | 'Projects'
  | 'Pipelines'
  | 'Deployments'
  | 'Secrets'
  | 'Tokens'
  | 'Consumers'
  | 'Keys'
  | 'Audit'
  | 'Watching'

interface RouteWords {
  readonly tags: readonly RouteGroup[]
  readonly operationId: string
  readonly summary: string
}

/** What the documentation says about a route. */
export function documented(group: RouteGroup, operationId: string, summary: string): RouteWords {
  return { tags: [group], operationId, summary }
}

/** The same for a POST that makes something. */
export function documentedCreation(
  group: RouteGroup,
  operationId: string,
  summary: string,
): RouteWords & { readonly headers: typeof postHeaders } {
  return { ...documented(group, operationId, summary), headers: postHeaders }
}

/** Every route can answer with a problem. */
export const problemResponse = {
  description: 'A problem (RFC 9457).',
  content: { 'application/problem+json': { schema: problem } },
} as const
