import { RESOURCE_NAME, type Problem, type ProblemCode } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import type { Refusal } from '../app/audit/refusal-records.ts'

/** The refusals that say that a caller may not do something. */
const RECORDED: readonly ProblemCode[] = [
  'permission_missing',
  'step_up_required',
  'quota_exceeded',
  'deployment_refused',
]
const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS']
/** Organizations of a person in which a refusal of a change of themselves is recorded. */
const ORGANIZATIONS_MAX = 10
/** Names and ids in paths. Tokens are longer, or have their prefix. */
const SHOWN = /^(?!sp_)[\w.-]{1,40}$/
/** What the record of a refused deployment has of each of its violations. */
interface Violation {
  readonly rule: string
  readonly environment: string
}

/** Kinds of targets that differ from the names of path parameters. */
const KINDS: Readonly<Record<string, string>> = { name: 'secret', username: 'basic-credential' }

/**
 * The refusals of a change, as the audit log has them: one for each organization that it concerns. None for a read, for
 * another kind of problem, for a caller without a valid credential, and for an organization that the caller is not in.
 */
export function refusedChanges(request: FastifyRequest, problem: Problem): readonly Refusal[] {
  const { actor, method, routeOptions } = request
  if (actor === undefined || READS.includes(method) || !RECORDED.includes(problem.code)) return []
  // A question whether the gate would refuse is no attempt: the dashboard asks it while a version is chosen.
  if (problem.code === 'deployment_refused' && isDryRun(request.body)) return []
  const { permission, changesNothing = false } = routeOptions.config.access ?? {}
  if (changesNothing || permission?.endsWith('.read') === true) return []
  const { tags = [], operationId } = (routeOptions.schema ?? {}) as {
    readonly tags?: readonly string[]
    readonly operationId?: string
  }
  const { organization: named, ...parameters } = request.params as Readonly<Record<string, string>>
  const organizations = named === undefined ? actor.organizations.slice(0, ORGANIZATIONS_MAX) : [named]
  return organizations
    .filter((organization) => actor.grantsIn(organization) !== undefined)
    .map((organization) => ({
      organization,
      actor: actor.id,
      action: `${kebab(tags[0] ?? 'changes')}.refused`,
      target: targetOf(organization, parameters, request.body),
      after: {
        code: problem.code,
        operation: operationId,
        ...(isDryRun(request.body) ? { dryRun: true } : {}),
        ...reasonsOf(problem),
      },
    }))
}

function targetOf(organization: string, parameters: Readonly<Record<string, string>>, body: unknown): string {
  const [name, value] = Object.entries(parameters).at(-1) ?? []
  if (name !== undefined && value !== undefined) {
    return `${KINDS[name] ?? kebab(name)}/${SHOWN.test(value) ? value : '…'}`
  }
  const pipeline = (body as { readonly pipeline?: unknown } | null | undefined)?.pipeline
  const isNamed = typeof pipeline === 'string' && RESOURCE_NAME.test(pipeline)
  return isNamed ? `pipeline/${pipeline}` : `organization/${organization}`
}

function isDryRun(body: unknown): boolean {
  return (body as { readonly dryRun?: unknown } | null | undefined)?.dryRun === true
}

/** What the problem names: no text of the caller. */
function reasonsOf({ extensions }: Problem): Readonly<Record<string, unknown>> {
  const { permission, quota, violations } = extensions
  return {
    ...(typeof permission === 'string' ? { permission } : {}),
    ...(typeof quota === 'string' ? { quota } : {}),
    ...(Array.isArray(violations)
      ? { violations: violations.map(({ rule, environment }: Violation) => ({ rule, environment })) }
      : {}),
  }
}

function kebab(text: string): string {
  return text
    .replaceAll(/[A-Z]/g, (letter, index: number) => (index === 0 ? letter : `-${letter}`))
    .replaceAll(' ', '-')
    .toLowerCase()
}
